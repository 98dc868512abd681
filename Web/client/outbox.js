// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: Hibiki contributors

import { Backoff, spread } from './backoff.js';
import { HibikiError } from './hibiki-error.js';

// The server knows an id for five minutes; after that a resend would be stored as another event.
const resendWindow = 270_000;
const batchCount = 100;
const batchBytes = 49_152;
const frameBytes = 60_000;

/** Publications on their way, in order: each is sent until it is answered. */
export class Outbox {
  #entries = new Map();
  #limit;
  #clock;
  #route;
  #backoff;
  #timer = null;
  #posting = false;
  #alone = 0;
  #closed = false;

  constructor({ limit, clock, route, baseDelay, maxDelay }) {
    this.#limit = limit;
    this.#clock = clock;
    this.#route = route;
    this.#backoff = new Backoff({ baseDelay, maxDelay, random: clock.random });
  }

  get size() {
    return this.#entries.size;
  }

  add(message, bytes) {
    if (this.#closed) return Promise.reject(new HibikiError('closed', 'the client was closed'));
    if (this.#entries.has(message.id)) {
      const text = `a publication with the id ${message.id} is on its way`;
      return Promise.reject(new HibikiError('invalid_message', text));
    }
    if (this.#entries.size >= this.#limit) {
      const text = `${this.#limit} publications are unanswered`;
      return Promise.reject(new HibikiError('queue_full', text, { retry: true }));
    }
    return new Promise((resolve, reject) => {
      this.#entries.set(message.id, { message, bytes, resolve, reject, sent: false, firstSent: null });
      this.#pump();
    });
  }

  /** There is a new way to send, or news from the network: what waits is tried at once. */
  wake() {
    if (this.#timer !== null) this.#clock.clearTimeout(this.#timer);
    this.#timer = null;
    this.#pump();
  }

  /** What the socket has not answered has to be sent again. */
  socketLost() {
    for (const entry of this.#entries.values()) entry.sent = false;
    this.#pump();
  }

  has(id) {
    return this.#entries.has(id);
  }

  answered(id, position) {
    this.#backoff.reset();
    this.#take(id)?.resolve(position);
    this.#pump();
  }

  refused(id, error) {
    const entry = this.#entries.get(id);
    if (!entry) return;
    if (error.retry) {
      entry.sent = false;
      this.#later(error);
    } else {
      this.#take(id);
      entry.reject(error);
      this.#pump();
    }
  }

  close() {
    this.#closed = true;
    if (this.#timer !== null) this.#clock.clearTimeout(this.#timer);
    this.#timer = null;
    for (const id of [...this.#entries.keys()]) {
      this.#take(id).reject(new HibikiError('closed', 'the client was closed before the publication was answered'));
    }
  }

  #take(id) {
    const entry = this.#entries.get(id);
    this.#entries.delete(id);
    return entry;
  }

  #pump() {
    if (this.#closed || this.#posting || this.#timer !== null) return;
    this.#dropUncertain();
    const waiting = [...this.#entries.values()].filter((entry) => !entry.sent);
    const send = waiting.length > 0 ? this.#route.socket() : null;
    while (send && waiting.length > 0 && waiting[0].bytes <= frameBytes) {
      const entry = waiting.shift();
      this.#mark(entry);
      send({ type: 'publish', ...entry.message });
    }
    if (waiting.length === 0 || !this.#route.mayPost()) return;
    // A request could overtake what the socket has not answered, and be overtaken.
    if ([...this.#entries.values()].some((entry) => entry.sent)) return;
    this.#post(this.#batch(waiting, send !== null));
  }

  #mark(entry) {
    entry.sent = true;
    entry.firstSent ??= this.#clock.now();
  }

  #dropUncertain() {
    const oldest = this.#clock.now() - resendWindow;
    for (const [id, entry] of this.#entries) {
      if (entry.sent || entry.firstSent === null || entry.firstSent > oldest) continue;
      const text = `publication ${id} was sent and never answered; it may be stored`;
      this.#take(id).reject(new HibikiError('outcome_unknown', text));
    }
  }

  #batch(waiting, single) {
    if (single || this.#alone > 0) return waiting.slice(0, 1);
    let bytes = 0;
    const count = waiting.findIndex((entry, index) => {
      bytes += entry.bytes;
      return index > 0 && (index >= batchCount || bytes > batchBytes);
    });
    return count === -1 ? waiting : waiting.slice(0, count);
  }

  async #post(entries) {
    this.#posting = true;
    for (const entry of entries) this.#mark(entry);
    this.#alone = Math.max(0, this.#alone - 1);
    try {
      const answers = await this.#route.post(entries.map((entry) => entry.message));
      this.#backoff.reset();
      entries.forEach((entry, index) => this.#take(entry.message.id)?.resolve(answers[index].position));
    } catch (error) {
      this.#notPosted(entries, error);
    }
    this.#posting = false;
    this.#pump();
  }

  #notPosted(entries, error) {
    for (const entry of entries) entry.sent = false;
    if (error.retry) return this.#later(error);
    // One of them was refused and so none was stored: singly, only that one fails.
    if (entries.length > 1) this.#alone = entries.length;
    else this.#take(entries[0].message.id)?.reject(error);
    return undefined;
  }

  #later(error) {
    if (this.#closed || this.#timer !== null) return;
    const asked = typeof error.retryAfter === 'number' ? spread(error.retryAfter, this.#clock.random) : 0;
    this.#timer = this.#clock.setTimeout(() => this.wake(), Math.max(asked, this.#backoff.next()));
  }
}
