// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: Hibiki contributors

/** Pauses that can all be ended at once. */
export class Sleeper {
  #clock;
  #sleeping = new Map();

  constructor(clock) {
    this.#clock = clock;
  }

  sleep(milliseconds) {
    return new Promise((resolve) => {
      const timer = this.#clock.setTimeout(() => {
        this.#sleeping.delete(timer);
        resolve();
      }, milliseconds);
      this.#sleeping.set(timer, resolve);
    });
  }

  wakeAll() {
    for (const [timer, resolve] of this.#sleeping) {
      this.#clock.clearTimeout(timer);
      resolve();
    }
    this.#sleeping.clear();
  }
}
