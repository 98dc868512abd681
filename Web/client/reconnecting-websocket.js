// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: Hibiki contributors

import { resolveSocket } from './address.js';
import { Backoff, spread } from './backoff.js';
import { clockFrom } from './clock.js';
import { Emitter } from './emitter.js';
import { HibikiError } from './hibiki-error.js';
import { Network } from './network.js';

const OPEN = 1;
const finalCodes = new Set([1000, 1002, 1003, 1007, 1008, 1009, 1010]);
// `error` is not among them: an error that the server sends is one.
const jsonCodec = { encode, decode };
const ownNames = new Set(['open', 'message', 'close', 'reconnecting', 'maxRetriesReached']);

export function mayComeBack(code) {
  return !finalCodes.has(code) && !(code >= 4500 && code <= 4999);
}

export class ReconnectingWebSocket extends Emitter {
  #options;
  #clock;
  #network;
  #backoff;
  #socket = null;
  #queue = [];
  #retryTimer = null;
  #openTimer = null;
  #provenTimer = null;
  #forgetNetwork = null;
  #proven = false;
  #ended = false;
  #shutdownDelay = null;

  constructor(url, options = {}) {
    super();
    this.url = resolveSocket(url);
    this.#clock = clockFrom(options);
    this.#options = {
      protocols: options.protocols ?? [],
      maxRetries: options.maxRetries ?? 10,
      maxDelay: options.maxDelay ?? 30_000,
      maxQueue: options.maxQueue ?? 1000,
      connectTimeout: options.connectTimeout ?? 15_000,
      provenAfter: options.provenAfter ?? 5000,
      codecs: options.codecs ?? {},
      WebSocket: options.WebSocket ?? globalThis.WebSocket,
    };
    if (!this.#options.WebSocket) throw new HibikiError('unsupported', 'there is no WebSocket here');
    this.#backoff = new Backoff({
      baseDelay: options.baseDelay, maxDelay: options.maxDelay, random: this.#clock.random,
    });
    this.#network = new Network(options);
    this.connect();
  }

  get readyState() {
    if (this.#ended) return 3;
    return this.#socket ? this.#socket.readyState % 3 : 0;
  }

  get protocol() {
    return this.#socket?.protocol ?? '';
  }

  get queued() {
    return this.#queue.length;
  }

  get retryCount() {
    return this.#proven ? 0 : this.#backoff.attempts;
  }

  send(data) {
    if (this.#ended) throw new HibikiError('closed', 'the socket was closed for good');
    if (this.#socket?.readyState === OPEN) {
      this.#socket.send(this.#codec.encode(data));
      return;
    }
    // At once, so that what cannot be written is told here; in another form only when it is known which one is spoken.
    const message = isPlain(this.#options.codecs) ? encode(data) : data;
    if (this.#queue.length >= this.#options.maxQueue) {
      throw new HibikiError('queue_full', `${this.#options.maxQueue} messages wait already`, { retry: true });
    }
    this.#queue.push(message);
  }

  /** How the subprotocol that the server chose writes messages. */
  get #codec() {
    return this.#options.codecs[this.protocol] ?? jsonCodec;
  }

  connect() {
    if (this.#socket) return;
    if (this.#ended) this.#backoff.reset();
    const { WebSocket, protocols, connectTimeout } = this.#options;
    const socket = new WebSocket(this.url, protocols);
    this.#stopTimers();
    this.#ended = false;
    this.#forgetNetwork ??= this.#network.onOnline(() => this.connect());
    this.#proven = false;
    this.#socket = socket;
    socket.binaryType = 'arraybuffer';
    socket.onopen = () => this.#opened(socket);
    socket.onmessage = (event) => this.#received(socket, event.data);
    socket.onerror = (event) => this.#socket === socket && this.emit('error', event);
    socket.onclose = (event) => this.#socket === socket && this.#lost(event);
    this.#openTimer = this.#clock.setTimeout(() => this.#drop(`not open after ${connectTimeout} ms`), connectTimeout);
  }

  reconnect() {
    if (!this.#ended && this.#socket) this.#drop('reconnecting');
  }

  close(code = 1000, reason = '') {
    if (this.#ended) return;
    this.#release(code, reason);
    this.#end({ code, reason, wasClean: true, willReconnect: false });
  }

  #opened(socket) {
    if (this.#socket !== socket) return;
    this.#clock.clearTimeout(this.#openTimer);
    this.#openTimer = null;
    this.#provenTimer = this.#clock.setTimeout(() => this.#prove(), this.#options.provenAfter);
    // A connection that closes meanwhile keeps the rest for the next one.
    while (this.#queue.length > 0 && this.#socket === socket && socket.readyState === OPEN) {
      socket.send(this.#codec.encode(this.#queue[0]));
      this.#queue.shift();
    }
    if (this.#socket === socket) this.emit('open');
  }

  #received(socket, message) {
    if (this.#socket !== socket) return;
    this.#prove();
    const data = this.#codec.decode(message);
    const type = typeof data?.type === 'string' ? data.type : null;
    if (type === 'server:shutdown') this.#shutdownDelay = Number(data.reconnectDelay) || 0;
    this.emit('message', data);
    if (type !== null && !ownNames.has(type) && this.#socket === socket) this.emit(type, data);
  }

  #prove() {
    this.#clock.clearTimeout(this.#provenTimer);
    this.#provenTimer = null;
    this.#proven = true;
  }

  /** Gives a connection up without waiting for the other side, which may be gone. */
  #drop(reason) {
    this.#release(4001, reason);
    this.#lost({ code: 1006, reason, wasClean: false });
  }

  /** Lets go of the socket; nothing that it still says is heard. */
  #release(code, reason) {
    const socket = this.#socket;
    // First, for it throws if the code is not allowed, and then nothing has happened.
    socket?.close(code, reason);
    this.#socket = null;
  }

  #lost({ code, reason, wasClean }) {
    this.#socket = null;
    this.#stopTimers();
    // A server that is overloaded is not asked faster because it found the time to say so.
    if (this.#proven && code !== 1013) this.#backoff.reset();
    this.#proven = false;
    if (!mayComeBack(code)) return this.#end({ code, reason, wasClean, willReconnect: false });
    const online = this.#network.isOnline;
    if (online && this.#shutdownDelay === null && this.#backoff.attempts >= this.#options.maxRetries) {
      this.#end({ code, reason, wasClean, willReconnect: false });
      // A handler of `close` may have connected again.
      if (this.#ended) this.emit('maxRetriesReached');
      return undefined;
    }
    const delay = this.#nextDelay(online);
    this.#retryTimer = this.#clock.setTimeout(() => this.#retry(), delay);
    this.emit('close', { code, reason, wasClean, willReconnect: true });
    if (this.#retryTimer !== null) this.emit('reconnecting', { attempt: this.#backoff.attempts, delay });
    return undefined;
  }

  #nextDelay(online) {
    const asked = this.#shutdownDelay;
    this.#shutdownDelay = null;
    if (asked !== null) return spread(asked, this.#clock.random);
    // Without a network tries do not count; one is made now and then because the window may be wrong.
    return online ? this.#backoff.next() : this.#options.maxDelay;
  }

  #retry() {
    this.#retryTimer = null;
    try {
      this.connect();
    } catch (error) {
      this.emit('error', error);
      this.#lost({ code: 1006, reason: 'the connection could not be made', wasClean: false });
    }
  }

  #end(event) {
    this.#ended = true;
    this.#proven = false;
    this.#shutdownDelay = null;
    this.#queue = [];
    this.#stopTimers();
    this.#forgetNetwork?.();
    this.#forgetNetwork = null;
    this.emit('close', event);
  }

  #stopTimers() {
    for (const timer of [this.#retryTimer, this.#openTimer, this.#provenTimer]) {
      if (timer !== null) this.#clock.clearTimeout(timer);
    }
    this.#retryTimer = null;
    this.#openTimer = null;
    this.#provenTimer = null;
  }
}

function encode(data) {
  if (typeof data === 'string' || data instanceof ArrayBuffer || ArrayBuffer.isView(data)) return data;
  if (typeof Blob !== 'undefined' && data instanceof Blob) return data;
  const text = JSON.stringify(data);
  if (text === undefined) throw new TypeError('the message cannot be written as JSON');
  return text;
}

/** Whether JSON is the only form. */
function isPlain(codecs) {
  return Object.keys(codecs).length === 0;
}

function decode(text) {
  if (typeof text !== 'string') return text;
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
}
