// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: Hibiki contributors

const longestSpread = 600_000;

export class Backoff {
  #base;
  #max;
  #random;
  #attempts = 0;

  constructor({ baseDelay = 1000, maxDelay = 30_000, random = Math.random } = {}) {
    if (!(baseDelay >= 0) || !(maxDelay >= 0)) throw new RangeError('baseDelay and maxDelay are numbers from 0 up');
    this.#base = baseDelay;
    this.#max = maxDelay;
    this.#random = random;
  }

  get attempts() {
    return this.#attempts;
  }

  next() {
    // 2 ** 1024 is Infinity, and so is what follows: `min` makes it `maxDelay`, except for 0 * Infinity.
    const ceiling = Math.min(this.#max, this.#base * 2 ** Math.min(this.#attempts, 1000));
    this.#attempts += 1;
    return Math.round(ceiling / 2 + (ceiling / 2) * this.#random());
  }

  reset() {
    this.#attempts = 0;
  }
}

export function spread(milliseconds, random = Math.random) {
  if (!Number.isFinite(milliseconds) || milliseconds <= 0) return 0;
  return Math.round(Math.min(longestSpread, milliseconds * (1 + random())));
}
