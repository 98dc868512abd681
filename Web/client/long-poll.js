// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: Hibiki contributors

import { eventsURL } from './address.js';
import { Backoff, spread } from './backoff.js';
import { clockFrom } from './clock.js';
import { Emitter } from './emitter.js';
import { HibikiError } from './hibiki-error.js';
import { Network } from './network.js';
import { parseRetryAfter, request } from './request.js';
import { TokenSource } from './token-source.js';

const pageSize = 1000;
const grace = 10_000;

export class LongPoll extends Emitter {
  #url;
  #topics;
  #options;
  #clock;
  #backoff;
  #abort = new AbortController();
  #forgetNetwork;
  #wake = null;
  #good = false;
  #closed = false;
  #since;

  constructor(url, options = {}) {
    super();
    this.#url = url;
    this.#topics = [options.topics ?? []].flat();
    this.#clock = clockFrom(options);
    this.#options = {
      wait: options.wait ?? 25,
      interval: options.interval ?? 3000,
      limit: options.limit,
      headers: options.headers,
      fetch: options.fetch,
      token: TokenSource.from(options.token),
    };
    this.#backoff = new Backoff({
      baseDelay: options.baseDelay, maxDelay: options.maxDelay, random: this.#clock.random,
    });
    // Said aloud, `latest` is answered at once with a position, so that nothing is missed before the first wait.
    this.#since = options.since ?? (this.#options.wait > 0 ? 'latest' : null);
    this.#forgetNetwork = new Network(options).onOnline(() => this.#wake?.());
    this.#run();
  }

  get lastEventId() {
    return this.#since;
  }

  get closed() {
    return this.#closed;
  }

  close() {
    if (this.#closed) return;
    this.#closed = true;
    this.#forgetNetwork();
    this.#abort.abort();
    this.#wake?.();
    this.emit('close');
  }

  async #run() {
    // Handlers added right after the constructor are to hear the first answer, and a close right after it asks nothing.
    await undefined;
    while (!this.#closed) {
      const delay = await this.#ask().catch((error) => this.#failed(error));
      if (delay > 0 && !this.#closed) await this.#sleep(delay);
    }
  }

  /** Asks once. The result is the time until the next request. */
  async #ask() {
    // The first request does not wait: its answer tells at once whether this way is open.
    const wait = this.#good ? this.#options.wait : 0;
    const url = eventsURL(this.#url, this.#topics, {
      since: this.#since, wait: wait > 0 ? wait : null, limit: this.#options.limit,
    });
    const asked = this.#clock.now();
    const answer = await request(url, {
      ...this.#clock,
      fetch: this.#options.fetch,
      token: this.#options.token,
      headers: { accept: 'application/json', ...this.#options.headers },
      signal: this.#abort.signal,
      timeout: wait * 1000 + grace,
    });
    if (this.#closed) return 0;
    const took = this.#clock.now() - asked;
    const delay = answer.status === 204 ? this.#nothing(answer, wait, took) : this.#received(answer.body, wait);
    // A server that is about to stop answers what it can, and says when to come back.
    const pause = parseRetryAfter(answer.headers.get('retry-after'), this.#clock.now());
    return pause === null ? delay : Math.max(delay, spread(pause, this.#clock.random));
  }

  #nothing(answer, wait, took) {
    this.#opened();
    this.#since = answer.headers.get('last-event-id') ?? this.#since;
    if (wait === 0) return this.#pause();
    // Something on the way answers without waiting: it would be asked without end.
    return took < Math.min(1000, wait * 500) ? this.#backoff.next() : this.#proved();
  }

  #received(body, wait) {
    if (!Array.isArray(body?.events) || typeof body.lastEventId !== 'string') {
      throw new HibikiError('http', 'the answer is not one of a poll', { retry: true, status: 200 });
    }
    this.#opened();
    this.emit('answer', body);
    const since = this.#since;
    for (const event of body.events) {
      if (this.#closed) return 0;
      if (this.#topics.length === 1) this.#since = event.position;
      this.emit('event', event);
    }
    if (this.#closed) return 0;
    this.#since = body.lastEventId;
    if (body.gap === true) this.emit('gap', { since, lastEventId: body.lastEventId });
    const isFull = body.events.length >= (this.#options.limit ?? pageSize);
    if (wait === 0) return isFull ? 0 : this.#pause();
    return body.events.length > 0 || body.gap === true ? this.#proved() : this.#backoff.next();
  }

  #opened() {
    if (this.#good) return;
    this.#good = true;
    this.emit('open');
  }

  #proved() {
    this.#backoff.reset();
    return 0;
  }

  #pause() {
    if (this.#options.wait > 0) return 0;
    this.#backoff.reset();
    return this.#options.interval;
  }

  #failed(error) {
    if (this.#closed) return 0;
    this.#good = false;
    const isFinal = error.status >= 400 && error.status < 500 && error.status !== 408 && error.status !== 429;
    this.emit('error', new HibikiError(error.code ?? 'http', error.message, {
      status: error.status, retry: !isFinal, retryAfter: error.retryAfter, cause: error,
    }));
    if (isFinal) this.close();
    const delay = this.#backoff.next();
    return typeof error.retryAfter === 'number' ? Math.max(delay, spread(error.retryAfter, this.#clock.random)) : delay;
  }

  #sleep(delay) {
    return new Promise((resolve) => {
      const timer = this.#clock.setTimeout(() => this.#wake?.(), delay);
      this.#wake = () => {
        this.#clock.clearTimeout(timer);
        this.#wake = null;
        resolve();
      };
    });
  }
}
