// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: Hibiki contributors

/**
 * Whether somebody looks at the page: not for `idleAfter` milliseconds without a touch, nor when it was hidden for
 * `hiddenAfter`. It has no clock.
 */
export class Attention {
  #idleAfter;
  #hiddenAfter;
  #touchedAt;
  #hiddenAt = null;

  constructor({ idleAfter = 5 * 60_000, hiddenAfter = 10_000 } = {}, now = 0) {
    this.#idleAfter = idleAfter;
    this.#hiddenAfter = hiddenAfter;
    this.#touchedAt = now;
  }

  touched(now) {
    this.#touchedAt = now;
  }

  shown(isShown, now) {
    if (isShown) this.#touchedAt = now;
    this.#hiddenAt = isShown ? null : this.#hiddenAt ?? now;
  }

  isAway(now) {
    return now >= this.awayAt;
  }

  /** When nobody looks any longer, if nothing happens until then. */
  get awayAt() {
    const idle = this.#touchedAt + this.#idleAfter;
    return this.#hiddenAt === null ? idle : Math.min(idle, this.#hiddenAt + this.#hiddenAfter);
  }
}
