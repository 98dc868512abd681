// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: Hibiki contributors

import { HibikiError } from './hibiki-error.js';

export class TokenSource {
  #give;
  #given = null;

  /** The source itself, one for a token or a function, or null for none. */
  static from(token) {
    if (token === undefined || token === null) return null;
    return token instanceof TokenSource ? token : new TokenSource(token);
  }

  constructor(token) {
    if (typeof token !== 'string' && typeof token !== 'function') {
      throw new TypeError('a token is a string, or a function that gives one');
    }
    this.canRenew = typeof token === 'function';
    this.#give = this.canRenew ? token : () => token;
  }

  get() {
    this.#given ??= this.#ask();
    return this.#given;
  }

  async renew(old) {
    const given = this.#given;
    // Several may find the same token used up at once; the first of them asks.
    const isUsedUp = given === null || (await given.catch(() => old)) === old;
    if (isUsedUp && this.#given === given) this.#given = null;
    return this.get();
  }

  async #ask() {
    // A turn later, so that what the function throws is a rejection too, after `#given` is set.
    await undefined;
    try {
      const token = (await this.#give()) ?? null;
      if (token === null || typeof token === 'string') return token;
      throw new TypeError('the function gave no token');
    } catch (cause) {
      this.#given = null;
      throw new HibikiError('token_unavailable', `there is no token: ${cause?.message ?? cause}`, { retry: true, cause });
    }
  }
}

export function renewalDelay(timeLeft, age) {
  const left = Number(timeLeft) || 0;
  return age > left ? 0 : left / 2;
}
