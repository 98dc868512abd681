// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: Hibiki contributors

/** Rings at the next of several deadlines, which are asked for again each time. */
export class Alarm {
  #clock;
  #deadlines;
  #ring;
  #timer = null;
  #isStopped = false;

  /** @param deadlines gives times, or null where nothing waits for the time to pass */
  constructor(clock, deadlines, ring) {
    this.#clock = clock;
    this.#deadlines = deadlines;
    this.#ring = ring;
  }

  /** A deadline has changed. */
  plan() {
    if (this.#timer !== null) this.#clock.clearTimeout(this.#timer);
    this.#timer = null;
    const deadlines = this.#isStopped ? [] : this.#deadlines().filter((one) => one !== null);
    if (deadlines.length === 0) return;
    const delay = Math.max(0, Math.min(...deadlines) - this.#clock.now());
    this.#timer = this.#clock.setTimeout(() => {
      this.#ring(this.#clock.now());
      this.plan();
    }, delay);
  }

  stop() {
    this.#isStopped = true;
    this.plan();
  }
}
