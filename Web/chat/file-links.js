// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: Hibiki contributors

/** Milliseconds before its end at which an address is no longer handed out. */
const early = 60_000;

/**
 * Addresses of files, which are signed for a time: the browser can load them without a token. Each is asked for once.
 */
export class FileLinks {
  #ask;
  #now;
  #known = new Map();

  /** @param ask takes an upload's id and `file` or `thumbnail`, and answers a promise of `{ url, expiresAt }` */
  constructor(ask, now) {
    this.#ask = ask;
    this.#now = now;
  }

  /** @returns a promise of the address, or of null where there is no such file */
  get(id, kind) {
    const key = `${kind} ${id}`;
    const known = this.#known.get(key);
    if (known && this.#now() < known.until) return known.url;
    // Until the answer says how long it is good, for long enough that a page full of pictures asks once.
    const entry = { until: this.#now() + 2 * early, url: null };
    entry.url = this.#ask(id, kind).then(
      ({ url, expiresAt }) => {
        entry.until = Number(expiresAt) - early;
        return url;
      },
      (error) => {
        if (error.retry) this.#known.delete(key);
        return null;
      });
    this.#known.set(key, entry);
    return entry.url;
  }
}
