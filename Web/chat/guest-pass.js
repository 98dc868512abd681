// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: Hibiki contributors

import { request } from '../client/request.js';

/** Milliseconds before its end at which a token is replaced by another of the same guest. */
const early = 5 * 60_000;

/** Who a guest is, and tokens that say so for as long as he is here. */
export class GuestPass {
  #url;
  #storage;
  #guest = null;
  #asked = null;

  constructor(base, storage) {
    this.#url = `${base}v1/guests`;
    this.#storage = storage;
    this.#guest = storage.guest(Date.now());
  }

  /** `{ id, name }`, or null for somebody who has not said his name. */
  get me() {
    return this.#guest && { id: this.#guest.userId, name: this.#guest.name };
  }

  async enter(name) {
    const { body } = await request(this.#url, { method: 'POST', body: { name } });
    this.#keep(body);
  }

  /** A token that is good for some time yet: what a TokenSource asks for. */
  token = async () => {
    if (Number(this.#guest.expiresAt) - Date.now() > early) return this.#guest.token;
    this.#asked ??= this.#renew().finally(() => { this.#asked = null; });
    await this.#asked;
    return this.#guest.token;
  };

  forget() {
    this.#storage.forgetGuest();
    this.#guest = null;
  }

  async #renew() {
    const headers = { authorization: `Bearer ${this.#guest.token}` };
    const { body } = await request(this.#url, { method: 'POST', headers, body: {} });
    this.#keep(body);
  }

  #keep(guest) {
    this.#guest = guest;
    this.#storage.keepGuest(guest);
  }
}
