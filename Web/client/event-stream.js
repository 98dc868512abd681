// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: Hibiki contributors

import { eventsURL } from './address.js';
import { Backoff, spread } from './backoff.js';
import { clockFrom } from './clock.js';
import { Emitter } from './emitter.js';
import { HibikiError } from './hibiki-error.js';
import { Network } from './network.js';
import { renewalDelay, TokenSource } from './token-source.js';

const CLOSED = 2;
const ownNames = new Set(['open', 'error', 'close', 'reconnecting']);

export class EventStream {
  #url;
  #options;
  #clock;
  #backoff;
  #handlers = new Emitter();
  #names = new Set(['connected', 'gap', 'server:disconnect', 'server:shutdown', 'token:expiring']);
  #token;
  #shown = null;
  #shownAt = 0;
  #renewalTimer = null;
  #attempt = null;
  #source = null;
  #timer = null;
  #forgetNetwork;
  #ended = false;
  #lastEventId;
  #clientId = null;
  #shutdownDelay = null;

  constructor(url, options = {}) {
    this.#url = url;
    this.#clock = clockFrom(options);
    this.#options = {
      withCredentials: options.withCredentials ?? false,
      maxRetries: options.maxRetries ?? Infinity,
      EventSource: options.EventSource ?? globalThis.EventSource,
    };
    if (!this.#options.EventSource) throw new HibikiError('unsupported', 'there is no EventSource here');
    this.#backoff = new Backoff({
      baseDelay: options.baseDelay, maxDelay: options.maxDelay, random: this.#clock.random,
    });
    this.#lastEventId = options.since ?? null;
    this.#token = TokenSource.from(options.token);
    this.#connect();
    // The stream of before is dead more often than not, and nothing would tell for minutes.
    this.#forgetNetwork = new Network(options).onOnline(() => this.#connect());
  }

  get lastEventId() {
    return this.#lastEventId;
  }

  get clientId() {
    return this.#clientId;
  }

  get readyState() {
    if (this.#ended) return CLOSED;
    return this.#source?.readyState === 1 ? 1 : 0;
  }

  on(event, handler) {
    this.#handlers.on(event, handler);
    this.#listen(event);
    return this;
  }

  once(event, handler) {
    this.#handlers.once(event, handler);
    this.#listen(event);
    return this;
  }

  off(event, handler) {
    this.#handlers.off(event, handler);
    return this;
  }

  close() {
    if (this.#ended) return;
    this.#ended = true;
    this.#clientId = null;
    this.#stop();
    this.#forgetNetwork();
    this.#handlers.emit('close', undefined, undefined);
  }

  #connect() {
    this.#stop();
    if (this.#token) this.#connectWith(this.#token.get());
    else this.#open();
  }

  #connectWith(token) {
    const attempt = {};
    this.#attempt = attempt;
    token.then(
      (value) => this.#attempt === attempt && this.#open(value),
      (error) => this.#attempt === attempt && this.#withoutToken(error),
    );
  }

  /** The stream that is there, if there is one, goes on until its token has run out. */
  #withoutToken(error) {
    this.#attempt = null;
    this.#handlers.emit('error', error, undefined);
    if (this.#source === null && !this.#ended) this.#retry();
  }

  #open(token = null) {
    this.#stop();
    const { EventSource, withCredentials } = this.#options;
    // An EventSource can set no headers.
    const parameters = { since: this.#lastEventId, access_token: token };
    const source = new EventSource(eventsURL(this.#url, [], parameters), { withCredentials });
    this.#shown = token;
    this.#shownAt = this.#clock.now();
    this.#source = source;
    source.onopen = (event) => this.#source === source && this.#handlers.emit('open', undefined, event);
    source.onerror = (event) => this.#source === source && this.#failed(source, event);
    for (const name of this.#names) this.#attach(source, name);
  }

  #listen(name) {
    if (ownNames.has(name) || this.#names.has(name)) return;
    this.#names.add(name);
    if (this.#source) this.#attach(this.#source, name);
  }

  #attach(source, name) {
    source.addEventListener(name, (event) => this.#source === source && this.#received(name, event));
  }

  #received(name, event) {
    if (event.lastEventId) this.#lastEventId = event.lastEventId;
    this.#backoff.reset();
    const data = decode(event.data);
    if (name === 'connected') this.#clientId = typeof data?.clientId === 'string' ? data.clientId : null;
    if (name === 'token:expiring') this.#expires(data?.timeLeft);
    if (name === 'server:shutdown') this.#shutdownDelay = Number(data?.reconnectDelay) || 0;
    this.#handlers.emit(name, data, event);
    // EventSource would come back by itself.
    if (name === 'server:disconnect' && data?.retry === false) this.close();
  }

  /** The stream goes on with another token from where it is. */
  #expires(timeLeft) {
    if (!this.#token?.canRenew || this.#renewalTimer !== null) return;
    const delay = renewalDelay(timeLeft, this.#clock.now() - this.#shownAt);
    this.#renewalTimer = this.#clock.setTimeout(() => {
      this.#renewalTimer = null;
      this.#connectWith(this.#token.renew(this.#shown));
    }, delay);
  }

  #failed(source, event) {
    // An event that the server named `error` arrives here too, and is no failure.
    if (event?.data !== undefined) return;
    this.#clientId = null;
    this.#handlers.emit('error', undefined, event);
    if (this.#source !== source) return;
    if (this.#shutdownDelay !== null) this.#wait(spread(this.#shutdownDelay, this.#clock.random));
    else if (source.readyState === CLOSED) this.#refused();
    // Otherwise EventSource comes back by itself, with Last-Event-ID.
  }

  /** Why, an EventSource does not say; it may be the token. */
  #refused() {
    this.#source = null;
    if (this.#token?.canRenew) this.#token.renew(this.#shown).catch(() => {});
    this.#retry();
  }

  #retry() {
    if (this.#backoff.attempts >= this.#options.maxRetries) this.close();
    else this.#wait(this.#backoff.next());
  }

  #wait(delay) {
    this.#shutdownDelay = null;
    this.#stop();
    this.#timer = this.#clock.setTimeout(() => this.#connect(), delay);
    this.#handlers.emit('reconnecting', { attempt: this.#backoff.attempts, delay }, undefined);
  }

  #stop() {
    for (const timer of [this.#timer, this.#renewalTimer]) {
      if (timer !== null) this.#clock.clearTimeout(timer);
    }
    this.#timer = null;
    this.#renewalTimer = null;
    this.#attempt = null;
    const source = this.#source;
    this.#source = null;
    source?.close();
  }
}

function decode(text) {
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
}
