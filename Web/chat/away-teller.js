// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: Hibiki contributors

import { Attention } from './attention.js';

/** For how long the server remembers of somebody's single requests that he looks away, less a margin. */
const remembered = 50_000;

/** Tells the server that nobody looks at the page, and that somebody does again. */
export class AwayTeller {
  #attention;
  #tell;
  #isAway = false;
  #heardAt;

  /**
   * @param limits those of Attention
   * @param tell takes whether one is away, and answers a promise
   */
  constructor(limits, now, tell) {
    this.#attention = new Attention(limits, now);
    this.#tell = tell;
    this.#heardAt = now;
  }

  get isAway() {
    return this.#isAway;
  }

  /** When one is away; who is so already waits for nothing. */
  get deadline() {
    return this.#isAway ? null : this.#attention.awayAt;
  }

  touched(now) {
    this.#attention.touched(now);
    if (this.#isAway) this.tick(now);
  }

  shown(isShown, now) {
    this.#attention.shown(isShown, now);
    this.tick(now);
  }

  tick(now) {
    const isAway = this.#attention.isAway(now);
    if (isAway === this.#isAway) return;
    this.#isAway = isAway;
    this.#say(now);
  }

  /** A new connection is taken for somebody who looks. */
  connected(now) {
    if (this.#isAway) this.#say(now);
  }

  /** The page has asked something by itself, which looks like somebody who is there once the server has forgotten. */
  asked(now) {
    const isForgotten = now - this.#heardAt > remembered;
    this.#heardAt = now;
    if (this.#isAway && isForgotten) this.#say(now);
  }

  /** What cannot be told now is told with the next connection. */
  #say(now) {
    this.#heardAt = now;
    Promise.resolve(this.#tell(this.#isAway)).catch(() => {});
  }
}
