// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: Hibiki contributors

const firstDelay = 500;
const longestDelay = 5000;

/**
 * Messages on their way to the server. Each has a client id, under which the server stores it once however often it is
 * sent. In one room only one is under way at a time, so that they arrive in the order in which they were written.
 *
 * States of an entry: `waiting` (for its turn, or for the network), `sending`, `refused` (the server will not have it).
 */
export class SendQueue {
  #entries = [];
  #random;
  #failures = 0;
  #notBefore = 0;

  constructor({ random = Math.random, entries = [] } = {}) {
    this.#random = random;
    // What was under way when a page ended may have arrived or not: it is sent again under the same id.
    this.#entries = entries.map((entry) => (entry.state === 'sending' ? { ...entry, state: 'waiting' } : entry));
  }

  get size() {
    return this.#entries.length;
  }

  /** Everything, oldest first: what has to survive the page. */
  get entries() {
    return [...this.#entries];
  }

  inRoom(roomId) {
    return this.#entries.filter((entry) => entry.roomId === roomId);
  }

  has(clientId) {
    return this.#entries.some((entry) => entry.clientId === clientId);
  }

  add(message, now) {
    this.#entries = [...this.#entries, { ...message, createdAt: now, state: 'waiting', error: null }];
  }

  /** The next to be sent, one of each room at most; they are then under way. */
  due(now) {
    if (now < this.#notBefore) return [];
    const busy = new Set(this.#entries.filter((entry) => entry.state === 'sending').map((entry) => entry.roomId));
    const due = [];
    for (const entry of this.#entries) {
      if (entry.state !== 'waiting' || busy.has(entry.roomId)) continue;
      busy.add(entry.roomId);
      due.push(entry.clientId);
    }
    for (const clientId of due) this.#become(clientId, { state: 'sending' });
    return this.#entries.filter((entry) => due.includes(entry.clientId));
  }

  /** When something is due next, or null while nothing waits for the time to pass. */
  get deadline() {
    return this.#entries.some((entry) => entry.state === 'waiting') ? this.#notBefore : null;
  }

  /** The server has it: by its answer, or because the message came back as an event. */
  stored(clientId) {
    const before = this.#entries.length;
    this.#entries = this.#entries.filter((entry) => entry.clientId !== clientId);
    this.#failures = 0;
    this.#notBefore = 0;
    return this.#entries.length < before;
  }

  /** There was no answer, or one that asks to come back: everything waits, longer each time. */
  delayed(clientId, now, retryAfter = 0) {
    this.#failures += 1;
    const longest = Math.min(longestDelay, firstDelay * 2 ** (this.#failures - 1));
    const delay = longest / 2 + (longest / 2) * this.#random();
    this.#notBefore = now + Math.max(delay, retryAfter ?? 0);
    this.#become(clientId, { state: 'waiting' });
  }

  refused(clientId, error) {
    this.#failures = 0;
    this.#become(clientId, { state: 'refused', error });
  }

  /** The network is back, or somebody does not want to wait. */
  hurry() {
    this.#failures = 0;
    this.#notBefore = 0;
  }

  /** Tries one again that was refused. */
  retry(clientId) {
    this.hurry();
    this.#become(clientId, { state: 'waiting', error: null });
  }

  /** Gives up one that is not under way. @returns whether it was there. */
  discard(clientId) {
    const before = this.#entries.length;
    this.#entries = this.#entries.filter((entry) => entry.clientId !== clientId || entry.state === 'sending');
    return this.#entries.length < before;
  }

  #become(clientId, change) {
    this.#entries = this.#entries.map((entry) => (entry.clientId === clientId ? { ...entry, ...change } : entry));
  }
}
