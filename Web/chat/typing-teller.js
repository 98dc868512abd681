// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: Hibiki contributors

import { OwnTyping } from './typing.js';

/** Tells the open room that one types, and that one does no longer. */
export class TypingTeller {
  #typing = new OwnTyping();
  #send;
  #roomId = null;
  #told = Promise.resolve();

  /** @param send takes a room and whether one types, and answers a promise */
  constructor(send) {
    this.#send = send;
  }

  get deadline() {
    return this.#typing.deadline;
  }

  typed(roomId, now) {
    if (roomId !== this.#roomId) this.stop();
    this.#roomId = roomId;
    this.#tell(this.#typing.typed(now));
  }

  tick(now) {
    this.#tell(this.#typing.tick(now));
  }

  /** The field is left, or the message sent. */
  stop() {
    this.#tell(this.#typing.stop());
  }

  /** One after the other, so that the end does not overtake the beginning. Nobody is told of a failure. */
  #tell(word) {
    const roomId = this.#roomId;
    if (word === null || roomId === null) return;
    this.#told = this.#told.then(() => this.#send(roomId, word === 'typing')).catch(() => {});
  }
}
