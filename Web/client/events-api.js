// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: Hibiki contributors

import { eventsURL } from './address.js';
import { HibikiError } from './hibiki-error.js';
import { request } from './request.js';

export class EventsAPI {
  #url;
  #options;
  #abort = new AbortController();

  constructor(url, { requestTimeout, fetch, token }, clock) {
    this.#url = url;
    this.#options = { ...clock, fetch, token, timeout: requestTimeout, signal: this.#abort.signal };
  }

  async history(topic, since, limit) {
    const { body } = await request(eventsURL(this.#url, [topic], { since, limit }), this.#options);
    if (!Array.isArray(body?.events)) throw new HibikiError('http', 'the answer is not one of a poll', { retry: true });
    return { events: body.events, position: body.lastEventId, gap: body.gap === true };
  }

  async publish(messages) {
    const isOne = messages.length === 1;
    const { body } = await request(this.#url, {
      ...this.#options, method: 'POST', body: isOne ? messages[0] : messages,
    });
    const answers = isOne ? [body] : body;
    if (!Array.isArray(answers) || answers.length !== messages.length || answers.some((one) => !one?.position)) {
      throw new HibikiError('http', 'the answer is not one of a publication', { retry: true });
    }
    return answers;
  }

  close() {
    this.#abort.abort();
  }
}
