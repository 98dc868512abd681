// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: Hibiki contributors

import { messageId } from './message-id.js';

/** Milliseconds between two markers of one kind: who scrolls through a page sends some, not one for each message. */
const pace = 400;

/** Sends how far one has read or received, the furthest only, until the server has it. */
export class MarkerSender {
  #send;
  #clock;
  #wanted = new Map();
  #sent = new Map();
  #timer = null;
  #isBusy = false;
  #isStopped = false;

  /** @param send takes a room and a message's id, and answers a promise */
  constructor(clock, send) {
    this.#clock = clock;
    this.#send = send;
  }

  /** @returns whether it is further than before. */
  reached(roomId, sequence) {
    if (sequence <= Math.max(this.#wanted.get(roomId) ?? 0, this.#sent.get(roomId) ?? 0)) return false;
    this.#wanted.set(roomId, sequence);
    this.#plan(pace);
    return true;
  }

  /** The network is back. */
  hurry() {
    if (this.#wanted.size > 0) this.#plan(0);
  }

  stop() {
    this.#isStopped = true;
    if (this.#timer !== null) this.#clock.clearTimeout(this.#timer);
    this.#timer = null;
    this.#wanted.clear();
  }

  #plan(delay) {
    if (this.#isStopped || this.#isBusy || (this.#timer !== null && delay > 0)) return;
    if (this.#timer !== null) this.#clock.clearTimeout(this.#timer);
    this.#timer = this.#clock.setTimeout(() => this.#flush(), delay);
  }

  async #flush() {
    this.#timer = null;
    this.#isBusy = true;
    let delay = pace;
    for (const [roomId, sequence] of [...this.#wanted]) {
      const error = await this.#send(roomId, messageId(roomId, sequence)).then(() => null, (reason) => reason);
      if (error?.retry) {
        delay = 10 * pace;
        continue;
      }
      // What the server refuses once it refuses again: one has left the room, say.
      this.#sent.set(roomId, Math.max(sequence, this.#sent.get(roomId) ?? 0));
      if (this.#wanted.get(roomId) === sequence) this.#wanted.delete(roomId);
    }
    this.#isBusy = false;
    if (this.#wanted.size > 0) this.#plan(delay);
  }
}
