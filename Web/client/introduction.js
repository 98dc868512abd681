// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: Hibiki contributors

import { renewalDelay } from './token-source.js';

/** Says who the client is on one connection of the native protocol, and again when the server asks. */
export class Introduction {
  #token;
  #owner;
  #clock;
  #shown = null;
  #shownAt = 0;
  #timer = null;
  #isKnown = false;
  #isOver = false;

  /** The owner has `connect(token, done, refused)`, `known()`, and `failed(error, isKnown)`. */
  constructor(token, clock, owner) {
    this.#token = token;
    this.#clock = clock;
    this.#owner = owner;
  }

  start() {
    if (this.#token) this.#show(this.#token.get());
    else this.#done();
  }

  /** The token runs out. One that cannot be replaced ends the connection when its time has come. */
  expires(timeLeft) {
    if (!this.#token?.canRenew || this.#timer !== null) return;
    const delay = renewalDelay(timeLeft, this.#clock.now() - this.#shownAt);
    this.#timer = this.#clock.setTimeout(() => {
      this.#timer = null;
      this.#show(this.#token.renew(this.#shown));
    }, delay);
  }

  stop() {
    this.#isOver = true;
    if (this.#timer !== null) this.#clock.clearTimeout(this.#timer);
    this.#timer = null;
  }

  #show(token, isSecond = false) {
    token.then((value) => this.#given(value, isSecond), (error) => this.#failed(error));
  }

  #given(token, isSecond) {
    if (this.#isOver) return undefined;
    if (token === null) return this.#done();
    this.#shown = token;
    this.#shownAt = this.#clock.now();
    return this.#owner.connect(token, () => this.#done(), (error) => this.#refused(error, isSecond));
  }

  #refused(error, isSecond) {
    const mayRenew = this.#token.canRenew && !isSecond && !error.retry;
    if (mayRenew && !this.#isOver) this.#show(this.#token.renew(this.#shown), true);
    else this.#failed(error);
  }

  #done() {
    if (this.#isOver || this.#isKnown) return;
    this.#isKnown = true;
    this.#owner.known();
  }

  #failed(error) {
    if (!this.#isOver) this.#owner.failed(error, this.#isKnown);
  }
}
