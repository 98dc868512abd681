// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: Hibiki contributors

import { resolveBase } from './address.js';
import { Backoff } from './backoff.js';
import { catchUp } from './catch-up.js';
import { checkHandler, checkTopic, checkTransports, withDefaults } from './client-options.js';
import { clockFrom } from './clock.js';
import { Emitter, report } from './emitter.js';
import { EventsAPI } from './events-api.js';
import { HibikiError } from './hibiki-error.js';
import { Network } from './network.js';
import { Outbox } from './outbox.js';
import { isPosition } from './positions.js';
import { randomID } from './random-id.js';
import { Sleeper } from './sleeper.js';
import { Subscriber, TopicFeed } from './topic-feed.js';
import { TransportChoice } from './transport-choice.js';

export class HibikiClient extends Emitter {
  #clock;
  #options;
  #names;
  #feeds = new Map();
  #choice;
  #outbox;
  #sleeper;
  #api;
  #forgetNetwork;
  #state = 'connecting';
  #transport = null;
  #lastTransport = null;
  #isTroubled = false;
  #waiting = [];

  constructor(baseURL, options = {}) {
    super();
    this.baseURL = resolveBase(baseURL);
    this.#clock = clockFrom(options);
    this.#options = withDefaults(options);
    this.#names = checkTransports(options.transports);
    this.#api = new EventsAPI(`${this.baseURL}v1/events`, this.#options, this.#clock);
    this.#sleeper = new Sleeper(this.#clock);
    this.#outbox = this.#makeOutbox();
    this.#choice = new TransportChoice(this.#makeOwner(), this.#names);
    this.#forgetNetwork = new Network(options).onOnline(() => this.#online());
    // A turn later, so that handlers added right after the constructor hear everything.
    queueMicrotask(() => this.#state === 'connecting' && !this.#choice.current && this.#choice.restart());
  }

  get transport() {
    return this.#transport;
  }

  get state() {
    return this.#state;
  }

  get clientId() {
    return this.#state === 'connected' ? this.#choice.current?.clientId ?? null : null;
  }

  get unanswered() {
    return this.#outbox.size;
  }

  subscribe(topic, handler, { since } = {}) {
    this.#checkOpen();
    checkTopic(topic);
    checkHandler(handler);
    const feed = this.#feeds.get(topic) ?? new TopicFeed(topic, since ?? 'latest');
    const isNew = feed.subscribers.size === 0;
    const isLive = isNew || since === undefined || since === 'latest' || since === feed.position;
    const guarded = (event) => this.#hand(handler, event);
    const subscriber = new Subscriber(topic, guarded, isLive ? feed.position : since, isLive);
    feed.subscribers.add(subscriber);
    this.#feeds.set(topic, feed);
    if (isNew) this.#choice.changed();
    if (!isLive) catchUp(feed, subscriber, this.#catchUpOwner()).catch((error) => this.#report(error));
    return {
      topic,
      get position() {
        return knownPosition(subscriber.live ? feed.position : subscriber.position);
      },
      unsubscribe: () => this.#unsubscribe(feed, subscriber),
    };
  }

  publish(topic, event, payload, { id = randomID() } = {}) {
    const message = { topic, event, payload: payload === undefined ? null : payload, id };
    let text;
    try {
      text = JSON.stringify(message);
    } catch (error) {
      return this.#reported(Promise.reject(new HibikiError('invalid_message', error.message, { cause: error })), topic);
    }
    return this.#reported(this.#outbox.add(message, new TextEncoder().encode(text).length), topic);
  }

  broadcast(payload) {
    return quiet(this.#overSocket({ type: 'broadcast', payload }).then(() => undefined));
  }

  direct(targetId, payload) {
    return quiet(this.#overSocket({ type: 'direct', targetId, payload }).then((reply) => reply.delivered === true));
  }

  presence(topic) {
    const answer = this.#overSocket({ type: 'presence', topic });
    return quiet(answer.then(({ count, clients }) => ({ topic, count, clients })));
  }

  chat(command, payload = {}) {
    const answer = this.#overSocket({ type: 'chat', command, payload });
    return quiet(answer.then(({ result }) => result ?? {}));
  }

  history(topic, { since = 'earliest', limit } = {}) {
    return quiet(this.#history(topic, since, limit));
  }

  use(transport) {
    this.#checkOpen();
    const names = transport === null ? this.#names : checkTransports([transport]);
    this.#resolveWaiting();
    this.#choice.stop();
    this.#lost();
    const done = new Promise((resolve) => this.#waiting.push(resolve));
    this.#setState('connecting');
    this.#choice.restart(names);
    return done;
  }

  pause() {
    if (this.#state === 'closed' || this.#state === 'paused') return;
    this.#choice.stop();
    this.#lost();
    this.#setState('paused');
    this.#resolveWaiting();
  }

  resume() {
    if (this.#state !== 'paused') return;
    this.#setState('connecting');
    this.#choice.restart();
    this.#outbox.wake();
  }

  close() {
    if (this.#state === 'closed') return;
    this.#forgetNetwork();
    this.#choice.stop();
    this.#api.close();
    this.#transport = null;
    for (const feed of this.#feeds.values()) {
      for (const subscriber of feed.subscribers) subscriber.active = false;
    }
    this.#feeds.clear();
    this.#setState('closed');
    this.#outbox.close();
    this.#sleeper.wakeAll();
    this.#resolveWaiting();
  }

  #makeOutbox() {
    const { maxQueue, baseDelay, maxDelay } = this.#options;
    return new Outbox({
      limit: maxQueue, baseDelay, maxDelay, clock: this.#clock,
      route: {
        socket: () => this.#socket() && ((message) => this.#socket()?.send(message)),
        // With the server out of reach nothing is tried, so that nothing becomes uncertain; `ready` wakes the outbox.
        mayPost: () => this.#state === 'connected' || (this.#state === 'connecting' && !this.#isTroubled),
        post: (messages) => this.#api.publish(messages),
      },
    });
  }

  #makeOwner() {
    return {
      feeds: this.#feeds,
      clock: this.#clock,
      options: this.#options,
      url: (path) => this.baseURL + path,
      deliver: (feed, event) => this.#deliver(feed, event),
      gap: (feed, position) => this.#gap(feed, position),
      refuse: (feed, error) => this.#refuse(feed, error),
      error: (error) => this.emit('error', error),
      ready: (transport) => this.#ready(transport),
      failed: (transport, error, isFinal) => this.#failed(transport, error, isFinal),
      late: (transport) => this.#late(transport),
      ended: (error) => this.#end(error),
      message: (type, { from = null, payload, timestamp }) => this.emit(type, { from, payload, timestamp }),
      shutdown: ({ message, reconnectDelay }) => this.emit('shutdown', { message, reconnectDelay }),
      published: (id, position) => this.#outbox.answered(id, position),
      publishRefused: (id, error) => this.#outbox.refused(id, error),
    };
  }

  #catchUpOwner() {
    const { baseDelay, maxDelay } = this.#options;
    return {
      backoff: new Backoff({ baseDelay, maxDelay, random: this.#clock.random }),
      sleep: (milliseconds) => this.#sleeper.sleep(milliseconds),
      isPaused: () => this.#state === 'paused',
      history: (topic, since) => this.#history(topic, since),
      gap: (topic, since, position) => this.emit('gap', { topic, since: knownPosition(since), position }),
      error: (error, topic) => this.emit('error', withTopic(error, topic)),
    };
  }

  /** The open WebSocket, or null. */
  #socket() {
    const { current, isReady } = this.#choice;
    return isReady && current.name === 'websocket' && current.isOpen ? current : null;
  }

  #ready(transport) {
    if (!this.#choice.ready(transport)) return;
    this.#isTroubled = false;
    if (this.#state === 'connected' && this.#transport === transport.name) return;
    const hadSocket = this.#transport === 'websocket';
    this.#transport = transport.name;
    this.#setState('connected');
    if (this.#lastTransport !== transport.name) {
      this.#lastTransport = transport.name;
      this.emit('transport', transport.name);
    }
    if (hadSocket) this.#outbox.socketLost();
    this.#outbox.wake();
    this.#resolveWaiting();
  }

  #failed(transport, error, isFinal) {
    const counts = transport === this.#choice.current;
    if (counts) {
      this.#isTroubled = true;
      this.#lost();
      this.#setState('connecting');
      this.emit('error', error);
    }
    this.#choice.failed(transport, isFinal);
  }

  /** The server wants nothing more of this client, over no transport. */
  #end(error) {
    this.emit('error', error);
    this.close();
  }

  #late(transport) {
    const text = `${transport.name} was not ready within ${this.#options.openTimeout} ms`;
    this.#failed(transport, new HibikiError('timeout', text, { retry: true }), true);
  }

  /** Nothing carries events now; what the socket had not answered goes another way. */
  #lost() {
    const hadSocket = this.#transport === 'websocket';
    this.#transport = null;
    if (hadSocket) this.#outbox.socketLost();
  }

  #setState(state) {
    if (this.#state === state) return;
    this.#state = state;
    this.emit('state', state);
  }

  #online() {
    this.#choice.tryBetter();
    this.#outbox.wake();
  }

  #resolveWaiting() {
    for (const resolve of this.#waiting.splice(0)) resolve();
  }

  #checkOpen() {
    if (this.#state === 'closed') throw new HibikiError('closed', 'the client was closed');
  }

  #deliver(feed, { topic, position, event, payload, from = null, timestamp }) {
    feed.accept({ topic, position, event, payload, from, timestamp });
  }

  #hand(handler, event) {
    try {
      handler(event);
    } catch (error) {
      this.#report(error);
    }
  }

  #gap(feed, position) {
    const since = knownPosition(feed.position);
    feed.position = isPosition(position) ? position : 'latest';
    for (const subscriber of feed.subscribers) {
      if (subscriber.live) subscriber.position = feed.position;
    }
    this.emit('gap', { topic: feed.topic, since, position: knownPosition(feed.position) });
  }

  #refuse(feed, error) {
    if (this.#feeds.get(feed.topic) !== feed) return;
    this.#feeds.delete(feed.topic);
    for (const subscriber of feed.subscribers) subscriber.active = false;
    feed.subscribers.clear();
    this.emit('error', withTopic(error, feed.topic));
    this.#choice.changed();
  }

  #unsubscribe(feed, subscriber) {
    if (!subscriber.active) return;
    subscriber.active = false;
    feed.subscribers.delete(subscriber);
    if (feed.subscribers.size > 0 || this.#feeds.get(feed.topic) !== feed) return;
    this.#feeds.delete(feed.topic);
    this.#choice.changed();
  }

  async #history(topic, since, limit) {
    this.#checkOpen();
    const socket = this.#socket();
    if (!socket) return this.#api.history(topic, since, limit);
    const reply = await socket.request({ type: 'history', topic, since, limit });
    return { events: reply.events ?? [], position: reply.position, gap: reply.gap === true };
  }

  async #overSocket(message) {
    this.#checkOpen();
    if (this.#state === 'connecting') await this.#readyOrLate();
    const socket = this.#socket();
    if (socket) return socket.request(message);
    if (this.#state === 'closed') throw new HibikiError('closed', 'the client was closed');
    if (this.#transport === null) {
      throw new HibikiError('not_connected', `${message.type} needs a connection`, { retry: true });
    }
    throw new HibikiError('unsupported', `${message.type} needs the WebSocket; the transport is ${this.#transport}`);
  }

  async #readyOrLate() {
    const ready = new Promise((resolve) => this.#waiting.push(resolve));
    const sleeper = new Sleeper(this.#clock);
    await Promise.race([ready, sleeper.sleep(this.#options.requestTimeout)]);
    sleeper.wakeAll();
  }

  #reported(promise, topic) {
    promise.catch((error) => {
      if (error.code !== 'closed') this.emit('error', withTopic(error, topic));
    });
    return promise;
  }

  #report(error) {
    // An emission without a listener would be silent.
    if (this.listenerCount('error') > 0) this.emit('error', error);
    else report(error);
  }
}

function knownPosition(position) {
  return position === 'latest' || position === 'earliest' ? null : position;
}

function withTopic(error, topic) {
  return new HibikiError(error.code ?? 'invalid_message', error.message, {
    retry: error.retry, status: error.status, retryAfter: error.retryAfter, topic, cause: error,
  });
}

/** A rejection that nobody awaits is not one that the platform should report. */
function quiet(promise) {
  promise.catch(() => {});
  return promise;
}
