// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: Hibiki contributors

import { eventsURL } from './address.js';
import { Backoff, spread } from './backoff.js';
import { EventStream } from './event-stream.js';
import { disconnected, HibikiError, takenOut } from './hibiki-error.js';
import { LongPoll } from './long-poll.js';
import { formatSince, isPosition } from './positions.js';
import { request } from './request.js';

const OPEN = 1;
const settlersAtOnce = 4;

/**
 * Server-Sent Events, long polls or short polls of all topics together. A topic joins them when a short poll of its own
 * has settled it: that answer tells its position where `since` was a word, whether it is allowed, and whether there is
 * a gap, none of which the answer for many topics could say of one.
 */
export class HTTPTransport {
  clientId = null;
  #owner;
  #abort = new AbortController();
  #backoff;
  #timer = null;
  #refreshing = false;
  #again = false;
  #listener = null;
  #feeds = [];

  constructor(owner, name) {
    this.#owner = owner;
    this.name = name;
    const { baseDelay, maxDelay } = owner.options;
    this.#backoff = new Backoff({ baseDelay, maxDelay, random: owner.clock.random });
  }

  get #stopped() {
    return this.#abort.signal.aborted;
  }

  start() {
    this.changed();
  }

  stop() {
    this.#abort.abort();
    this.#cancelTimer();
    this.#close();
  }

  carry() {}

  changed() {
    this.#again = true;
    if (this.#refreshing || this.#stopped) return;
    this.#refreshing = true;
    this.#refresh();
  }

  async #refresh() {
    let failure = null;
    // Calls of `subscribe` that follow each other make one request.
    await undefined;
    while (this.#again && !this.#stopped && failure === null) {
      this.#again = false;
      failure = await this.#settleAll();
    }
    this.#refreshing = false;
    if (this.#stopped) return;
    this.#listen();
    if (failure) this.#retry(failure);
  }

  /** The result is the first failure that may pass, or null. */
  async #settleAll() {
    const waiting = this.#allFeeds().filter((feed) => !feed.settled);
    let failure = null;
    const settleSome = async () => {
      while (waiting.length > 0 && failure === null && !this.#stopped) {
        const feed = waiting.shift();
        await this.#settle(feed).catch((error) => {
          if (this.#stopped || this.#owner.feeds.get(feed.topic) !== feed) return;
          if (error.retry) failure ??= error;
          else this.#owner.refuse(feed, error);
        });
      }
    };
    await Promise.all(Array.from({ length: settlersAtOnce }, settleSome));
    return failure;
  }

  async #settle(feed) {
    const { clock, options } = this.#owner;
    const since = feed.position;
    const answer = await request(eventsURL(this.#owner.url('v1/events'), [feed.topic], { since }), {
      ...clock, fetch: options.fetch, token: options.token, signal: this.#abort.signal, timeout: options.requestTimeout,
    });
    // While it was asked another transport may have moved the feed on.
    if (this.#stopped || this.#owner.feeds.get(feed.topic) !== feed || feed.settled) return;
    const { events, lastEventId, gap } = answer.body ?? {};
    if (!Array.isArray(events) || !isPosition(lastEventId)) {
      throw new HibikiError('http', 'the answer is not one of a poll', { retry: true, status: answer.status });
    }
    if (gap === true) this.#owner.gap(feed, lastEventId);
    for (const event of events) this.#owner.deliver(feed, event);
    feed.settle(lastEventId);
  }

  #allFeeds() {
    return [...this.#owner.feeds.values()];
  }

  #listen() {
    const feeds = this.#allFeeds().filter((feed) => feed.settled);
    const isSame = feeds.length === this.#feeds.length && feeds.every((feed, index) => feed === this.#feeds[index]);
    if (this.#listener && isSame) return;
    this.#close();
    this.#feeds = feeds;
    if (feeds.length > 0) this.#open(feeds);
    else if (this.#owner.feeds.size === 0) this.#owner.ready(this);
  }

  #open(feeds) {
    const url = this.#owner.url('v1/events');
    const since = formatSince(feeds.map((feed) => [feed.topic, feed.position]));
    try {
      if (this.name === 'sse') this.#openStream(url, feeds, since);
      else this.#openPoll(url, feeds, since);
    } catch (error) {
      const known = error instanceof HibikiError;
      this.#broken(known ? error : new HibikiError('unsupported', String(error), { cause: error }));
    }
  }

  #openStream(url, feeds, since) {
    const { clock, options } = this.#owner;
    const address = eventsURL(url, feeds.map((feed) => feed.topic), { envelope: 1 });
    const stream = new EventStream(address, { ...options, ...clock, since });
    this.#listener = stream;
    stream.on('event', (event) => this.#deliver(event));
    stream.on('gap', (gap) => this.#gap(gap?.topics));
    stream.on('unsubscribed', ({ topic }) => this.#unsubscribed(topic));
    stream.on('server:disconnect', ({ retry, message }) => retry === false && this.#owner.ended(disconnected(message)));
    stream.on('direct', (message) => this.#owner.message('direct', message));
    stream.on('server:shutdown', (notice) => this.#owner.shutdown(notice));
    stream.on('connected', () => {
      this.clientId = stream.clientId;
      this.#good();
    });
    stream.on('error', (error) => {
      // There is no other token, but the stream still goes on with the old one.
      if (stream.readyState === OPEN) return this.#owner.error(error);
      this.clientId = null;
      const cut = new HibikiError('network', 'the event stream was cut', { retry: true });
      return this.#owner.failed(this, error instanceof HibikiError ? error : cut, false);
    });
    // EventSource does not say why it gave up; asking for each topic again will.
    stream.on('reconnecting', ({ delay }) => {
      for (const feed of this.#feeds) feed.unsettle();
      this.#close();
      this.#changeAfter(Math.max(delay, this.#backoff.next()));
    });
  }

  #openPoll(url, feeds, since) {
    const { clock, options } = this.#owner;
    const poll = new LongPoll(url, {
      ...options, ...clock, since,
      topics: feeds.map((feed) => feed.topic),
      wait: this.name === 'poll' ? 0 : options.wait,
    });
    this.#listener = poll;
    poll.on('open', () => this.#good());
    poll.on('event', (event) => this.#deliver(event));
    poll.on('gap', () => this.#gap());
    poll.on('error', (error) => this.#pollFailed(error));
  }

  #pollFailed(error) {
    if (error.code === 'disconnected') this.#owner.ended(error);
    else if (error.retry) this.#owner.failed(this, error, false);
    else this.#broken(error);
  }

  #unsubscribed(topic) {
    const feed = this.#feeds.find((one) => one.topic === topic);
    if (feed) this.#owner.refuse(feed, takenOut(topic));
  }

  #deliver(event) {
    const feed = this.#owner.feeds.get(event?.topic);
    // Not one that was subscribed anew since: it begins with a request of its own.
    if (this.#feeds.includes(feed)) this.#owner.deliver(feed, event);
  }

  #good() {
    this.#backoff.reset();
    this.#owner.ready(this);
  }

  /** Which topics lost events, and where they go on, is asked of each. */
  #gap(topics) {
    for (const feed of this.#feeds) {
      if (!Array.isArray(topics) || topics.includes(feed.topic)) feed.unsettle();
    }
    this.#close();
    this.changed();
  }

  /** The answer was a refusal of all topics together: each is asked for by itself before the next try. */
  #broken(error) {
    for (const feed of this.#feeds) feed.unsettle();
    this.#close();
    this.#retry(error);
  }

  #retry(error) {
    const asked = typeof error.retryAfter === 'number' ? spread(error.retryAfter, this.#owner.clock.random) : 0;
    this.#changeAfter(Math.max(asked, this.#backoff.next()));
    // Topics that were settled before go on meanwhile.
    if (this.#listener) this.#owner.error(error);
    else this.#owner.failed(this, error, error.code === 'unsupported');
  }

  #changeAfter(delay) {
    this.#cancelTimer();
    this.#timer = this.#owner.clock.setTimeout(() => {
      this.#timer = null;
      this.changed();
    }, delay);
  }

  #cancelTimer() {
    if (this.#timer !== null) this.#owner.clock.clearTimeout(this.#timer);
    this.#timer = null;
  }

  #close() {
    const listener = this.#listener;
    this.#listener = null;
    this.#feeds = [];
    this.clientId = null;
    listener?.off();
    listener?.close();
  }
}
