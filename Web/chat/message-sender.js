// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: Hibiki contributors

import { randomID } from '../client/random-id.js';
import { SendQueue } from './send-queue.js';

/** Brings the queue to the server, and what is in it through the end of the page. */
export class MessageSender {
  #owner;
  #queue;
  #order = 0;
  #isStopped = false;

  /** The owner has `api`, `storage`, `userId`, `clock`, `stored(message)`, `changed(roomId)` and `refused(error)`. */
  constructor(owner) {
    this.#owner = owner;
    this.#queue = new SendQueue({ random: owner.clock.random, entries: owner.storage.queue(owner.userId) });
  }

  get deadline() {
    return this.#isStopped ? null : this.#queue.deadline;
  }

  inRoom(roomId) {
    return this.#queue.inRoom(roomId);
  }

  get size() {
    return this.#queue.size;
  }

  /** @param draft `{ roomId, content, replyTo, threadId, mentions, attachments, type }` */
  add(draft) {
    this.#order += 1;
    const entry = { ...draft, clientId: randomID(), order: this.#order };
    this.#queue.add(entry, this.#owner.clock.now());
    this.#keep(entry.clientId);
    this.#owner.changed(entry.roomId);
    this.pump();
    return entry.clientId;
  }

  retry(clientId) {
    this.#queue.retry(clientId);
    this.#keep(clientId);
    this.pump();
  }

  discard(clientId) {
    const entry = this.#find(clientId);
    if (!entry || !this.#queue.discard(clientId)) return;
    this.#owner.storage.drop(this.#owner.userId, clientId);
    this.#owner.changed(entry.roomId);
  }

  /** The network is back. */
  hurry() {
    this.#queue.hurry();
    this.pump();
  }

  /** A message with this id has come as an event. */
  confirmed(clientId) {
    if (this.#queue.stored(clientId)) this.#owner.storage.drop(this.#owner.userId, clientId);
  }

  /** What is not answered stays in the storage, for the next page. */
  stop() {
    this.#isStopped = true;
  }

  pump() {
    if (this.#isStopped) return;
    for (const entry of this.#queue.due(this.#owner.clock.now())) this.#send(entry);
  }

  async #send(entry) {
    const { clientId, roomId, content, replyTo, threadId, mentions, attachments, type } = entry;
    this.#owner.changed(roomId);
    try {
      const message = await this.#owner.api.send(roomId, {
        content, clientId, type, threadId, mentions,
        replyTo: replyTo?.id, attachments,
      });
      this.confirmed(clientId);
      this.#owner.stored(message);
    } catch (error) {
      this.#failed(entry, error);
    }
    this.#owner.changed(roomId);
    this.pump();
  }

  #failed({ clientId }, error) {
    // It may have come back as an event while its answer was lost.
    if (!this.#queue.has(clientId)) return;
    // Of a message with a client id nobody needs to know: it is stored once, however often it is sent.
    if (error.retry || error.code === 'outcome_unknown') {
      this.#queue.delayed(clientId, this.#owner.clock.now(), error.retryAfter);
    } else {
      this.#queue.refused(clientId, error.message);
      this.#keep(clientId);
      this.#owner.refused(error);
    }
  }

  #keep(clientId) {
    const entry = this.#find(clientId);
    if (entry) this.#owner.storage.keep(this.#owner.userId, entry);
  }

  #find(clientId) {
    return this.#queue.entries.find((entry) => entry.clientId === clientId);
  }
}
