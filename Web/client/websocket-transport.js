// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: Hibiki contributors

import { spread } from './backoff.js';
import { disconnected, HibikiError, takenOut } from './hibiki-error.js';
import { Introduction } from './introduction.js';
import { isPosition } from './positions.js';
import { decodeFrame, encodeFrame } from './protobuf-frames.js';
import { ReconnectingWebSocket } from './reconnecting-websocket.js';

const OPEN = 1;
/** From here on a close code asks the client not to come back, in whatever way. */
const firstFinalCode = 4500;
const resubscribeDelay = 2000;
/** The server takes the first that it knows; one that is older than Protocol Buffers knows JSON. */
const protocols = { json: ['hibiki.json'], protobuf: ['hibiki.protobuf', 'hibiki.json'] };
const codecs = { 'hibiki.protobuf': { encode: encodeFrame, decode: decodeBinary } };

/** A frame that cannot be read is nothing that was said, as with JSON. */
function decodeBinary(data) {
  try {
    return decodeFrame(data);
  } catch {
    return data;
  }
}

/** The native protocol over /ws for a HibikiClient. */
export class WebSocketTransport {
  name = 'websocket';
  clientId = null;
  #owner;
  #socket = null;
  #welcomeTimer = null;
  #beat = null;
  #heard = true;
  #carries = false;
  #listening = new Map();
  #requests = new Map();
  #lastRequest = 0;
  #introduction = null;

  constructor(owner) {
    this.#owner = owner;
  }

  get isOpen() {
    return this.clientId !== null;
  }

  start() {
    const { url, clock, options } = this.#owner;
    const socket = new ReconnectingWebSocket(url('ws'), {
      ...options, ...clock,
      protocols: protocols[options.protocol], codecs, maxRetries: Infinity, maxQueue: 0, connectTimeout: options.openTimeout,
    });
    this.#socket = socket;
    socket.on('open', () => this.#awaitWelcome());
    socket.on('message', (message) => this.#received(message));
    socket.on('close', (event) => this.#closed(event));
    // What the browser says of a failed connection is empty; `close` follows. An Error is a fault of ours.
    socket.on('error', (error) => error instanceof Error && this.#owner.error(error));
  }

  stop() {
    const socket = this.#socket;
    this.#socket = null;
    this.#forget();
    socket?.off();
    socket?.close();
  }

  /** From now on this transport carries the topics of the owner. */
  carry() {
    this.#carries = true;
    this.changed();
  }

  changed() {
    if (!this.isOpen || !this.#carries) return;
    for (const [topic, entry] of this.#listening) {
      if (this.#owner.feeds.get(topic) !== entry.feed) this.#unsubscribe(topic, entry);
    }
    for (const feed of this.#owner.feeds.values()) {
      if (!this.#listening.has(feed.topic)) this.#subscribe(feed);
    }
  }

  send(message) {
    // A socket that is closing takes nothing more; `close` follows, and with it all that was unanswered.
    if (this.#socket.readyState === OPEN) this.#socket.send(message);
  }

  /** Sends a message with an id, for the one answer that carries it. */
  request(message) {
    return new Promise((resolve, reject) => this.#ask(message, resolve, reject));
  }

  #ask(message, resolve, reject) {
    if (!this.isOpen) return reject(new HibikiError('not_connected', 'the WebSocket is not open', { retry: true }));
    const { clock, options } = this.#owner;
    const timeout = options.requestTimeout;
    this.#lastRequest += 1;
    const id = this.#lastRequest;
    const timer = clock.setTimeout(() => {
      this.#settle(id)?.reject(new HibikiError('timeout', `no answer within ${timeout} ms`, { retry: true }));
    }, timeout);
    this.#requests.set(id, { resolve, reject, timer });
    return this.send({ ...message, id });
  }

  #settle(id) {
    const request = this.#requests.get(id);
    if (!request) return undefined;
    this.#requests.delete(id);
    this.#owner.clock.clearTimeout(request.timer);
    return request;
  }

  #awaitWelcome() {
    const { clock, options } = this.#owner;
    this.#welcomeTimer = clock.setTimeout(() => this.#socket?.reconnect(), options.openTimeout);
  }

  #received(message) {
    this.#heard = true;
    switch (message?.type) {
      case 'welcome': return this.#welcomed(message);
      case 'event': return this.#event(message);
      case 'reply':
      case 'presence': return this.#answered(message);
      case 'error': return this.#refused(message);
      case 'gap': return this.#gap(message);
      case 'token:expiring': return this.#introduction?.expires(message.timeLeft);
      case 'unsubscribed': return this.#unsubscribed(message);
      case 'server:shutdown': return this.#owner.shutdown(message);
      case 'broadcast':
      case 'direct': return this.#owner.message(message.type, message);
      default: return undefined;
    }
  }

  #welcomed(message) {
    if (this.isOpen) return;
    this.clientId = String(message.clientId);
    this.#owner.clock.clearTimeout(this.#welcomeTimer);
    this.#welcomeTimer = null;
    this.#heartbeat();
    this.#introduction = this.#introduce();
    this.#introduction.start();
  }

  #introduce() {
    return new Introduction(this.#owner.options.token, this.#owner.clock, {
      connect: (token, done, refused) => this.#ask({ type: 'connect', token }, done, refused),
      known: () => this.#owner.ready(this),
      failed: (error, isKnown) => this.#notIntroduced(error, isKnown),
    });
  }

  #notIntroduced(error, isKnown) {
    if (!isKnown && !error.retry) return this.#owner.failed(this, error, true);
    this.#owner.error(error);
    return isKnown ? undefined : this.#socket.reconnect();
  }

  #event(message) {
    // Before its reply what arrives belongs to an earlier subscription of the same topic.
    const entry = this.#listening.get(message.topic);
    if (entry?.live) this.#owner.deliver(entry.feed, message);
  }

  #answered(message) {
    if (typeof message.id === 'string') this.#owner.published(message.id, message.position);
    else this.#settle(message.id)?.resolve(message);
  }

  #refused(message) {
    const error = new HibikiError(String(message.code), String(message.message), {
      retry: message.retry === true,
      retryAfter: typeof message.retryAfter === 'number' ? message.retryAfter : null,
    });
    if (typeof message.id === 'string') this.#owner.publishRefused(message.id, error);
    else if (this.#requests.has(message.id)) this.#settle(message.id).reject(error);
    else this.#owner.error(error);
  }

  #gap(message) {
    const entry = this.#listening.get(message.topic);
    if (entry?.live) this.#owner.gap(entry.feed, message.position);
  }

  /** Somebody who runs the server has taken us out of the topic. */
  #unsubscribed({ topic }) {
    const entry = this.#listening.get(topic);
    if (!entry) return;
    this.#listening.delete(topic);
    this.#owner.refuse(entry.feed, takenOut(topic));
  }

  #subscribe(feed) {
    const entry = { feed, live: false, timer: null };
    this.#listening.set(feed.topic, entry);
    const isCurrent = () => this.#listening.get(feed.topic) === entry;
    // No promise: the first events may come in the same turn as the reply, before a promise would tell of it.
    this.#ask(
      { type: 'subscribe', topic: feed.topic, since: feed.position },
      (reply) => isCurrent() && this.#subscribed(entry, reply),
      (error) => isCurrent() && this.#notSubscribed(entry, error),
    );
  }

  #subscribed(entry, reply) {
    const { feed } = entry;
    entry.live = true;
    if (reply.gap === true) {
      feed.settle();
      this.#owner.gap(feed, reply.position);
    } else {
      const begins = feed.position === 'latest' && isPosition(reply.position);
      feed.settle(begins ? reply.position : undefined);
    }
  }

  #notSubscribed(entry, error) {
    if (!error.retry) return this.#owner.refuse(entry.feed, error);
    if (!this.isOpen) return undefined;
    this.#owner.error(error);
    entry.timer = this.#owner.clock.setTimeout(() => {
      this.#listening.delete(entry.feed.topic);
      this.changed();
    }, spread(Math.max(resubscribeDelay, error.retryAfter ?? 0), this.#owner.clock.random));
    return undefined;
  }

  #unsubscribe(topic, entry) {
    this.#listening.delete(topic);
    if (entry.timer !== null) this.#owner.clock.clearTimeout(entry.timer);
    this.send({ type: 'unsubscribe', topic });
  }

  /** A browser does not show the server's pings: only an answer of its own tells that the connection is alive. */
  #heartbeat() {
    const { clock, options } = this.#owner;
    this.#heard = false;
    this.#beat = clock.setTimeout(() => (this.#heard ? this.#heartbeat() : this.#probe()), options.heartbeat);
  }

  #probe() {
    const { clock, options } = this.#owner;
    this.send({ type: 'ping' });
    this.#beat = clock.setTimeout(() => {
      if (this.#heard) this.#heartbeat();
      else this.#socket.reconnect();
    }, options.requestTimeout);
  }

  #closed(event) {
    this.#forget();
    if (event.code >= firstFinalCode) return this.#owner.ended(disconnected(event.reason));
    const text = `the WebSocket was closed with ${event.code} ${event.reason}`.trimEnd();
    const error = new HibikiError('network', text, { retry: event.willReconnect });
    return this.#owner.failed(this, error, !event.willReconnect);
  }

  #forget() {
    const { clock } = this.#owner;
    this.clientId = null;
    this.#introduction?.stop();
    this.#introduction = null;
    for (const timer of [this.#welcomeTimer, this.#beat]) {
      if (timer !== null) clock.clearTimeout(timer);
    }
    this.#welcomeTimer = null;
    this.#beat = null;
    for (const entry of this.#listening.values()) {
      if (entry.timer !== null) clock.clearTimeout(entry.timer);
    }
    this.#listening.clear();
    for (const id of [...this.#requests.keys()]) {
      const text = 'the connection was lost before the answer';
      this.#settle(id).reject(new HibikiError('not_connected', text, { retry: true }));
    }
  }
}
