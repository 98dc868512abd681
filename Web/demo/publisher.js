// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: Hibiki contributors

import { randomID } from '/client/random-id.js';
import { request } from '/client/request.js';

/** Publications whose moment of sending is remembered, to measure how long they took. */
const remembered = 5000;
const attempts = 4;

/** Publishes over HTTP, apart from all lanes, and knows when each publication of this page left. */
export class Publisher {
  #page = randomID();
  #count = 0;
  #departures = new Map();

  /** Publishes up to 100 texts in one request and answers their positions. */
  async publish(topic, texts) {
    const publications = texts.map((text) => this.#publication(topic, text));
    const departure = performance.now();
    for (const { payload } of publications) this.#remember(payload.n, departure);
    const answers = await postPatiently(publications);
    return answers.map((answer) => answer.position);
  }

  /** When the event left this page, in `performance.now()` time; null when it came from elsewhere. */
  sentAt({ payload }) {
    if (payload?.page !== this.#page) return null;
    return this.#departures.get(payload.n) ?? null;
  }

  #publication(topic, text) {
    this.#count += 1;
    const n = this.#count;
    return { topic, event: 'note', payload: { text, page: this.#page, n }, id: `${this.#page}-${n}` };
  }

  #remember(n, departure) {
    this.#departures.set(n, departure);
    if (this.#departures.size > remembered) this.#departures.delete(this.#departures.keys().next().value);
  }
}

/** Tries again where the answer was lost or invites it. The idempotency keys see to it that nothing is stored twice. */
async function postPatiently(body) {
  for (let attempt = 1; ; attempt += 1) {
    try {
      return (await request('/v1/events', { method: 'POST', body })).body;
    } catch (error) {
      if (attempt === attempts || !error.retry) throw error;
      const delay = error.retryAfter ?? 250 * 2 ** attempt * (0.5 + Math.random());
      await new Promise((resolve) => setTimeout(resolve, delay));
    }
  }
}
