// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: Hibiki contributors

import { Emitter } from '../client/emitter.js';
import { ReconnectingWebSocket } from '../client/reconnecting-websocket.js';
import { awarenessMessage, messagesIn, syncMessage } from './document-messages.js';

/** Milliseconds between signs of life: half of what others wait for one. */
const heartbeat = 15_000;

/**
 * Keeps a document the same as the server's, and comes back by itself. What is written meanwhile needs no queue: at the
 * next connection both say what they have, and each sends what the other lacks.
 *
 * Emits `state` ('connecting', 'synchronised', 'offline', 'ended'), `refused` with words for people, and `ended` with the
 * code of a close after which it does not come back.
 */
export class DocumentLink extends Emitter {
  #yjs;
  #document;
  #awareness;
  #socket;
  #isOpen = false;

  constructor(yjs, { document, awareness, url }) {
    super();
    this.#yjs = yjs;
    this.#document = document;
    this.#awareness = awareness;
    this.#socket = new ReconnectingWebSocket(url, { maxRetries: Infinity, maxDelay: 10_000 });
    this.#socket.on('open', () => this.#opened());
    this.#socket.on('message', (data) => this.#received(data));
    this.#socket.on('close', (event) => this.#closed(event));
    document.on('update', (update, origin) => origin !== this && this.#send(syncMessage('update', update)));
    awareness.on('say', (bytes) => this.#send(awarenessMessage(bytes)));
    setInterval(() => this.#beat(), heartbeat);
    addEventListener('pagehide', () => this.#send(awarenessMessage(awareness.goodbye())));
    // A page that comes out of the browser's cache of pages is here again.
    addEventListener('pageshow', (event) => event.persisted && awareness.repeat());
  }

  #beat() {
    this.#awareness.repeat();
    this.#awareness.forgetSilent();
  }

  #opened() {
    this.#isOpen = true;
    this.emit('state', 'connecting');
    this.#send(syncMessage('vector', this.#yjs.encodeStateVector(this.#document)));
    this.#awareness.repeat();
  }

  #closed({ code, willReconnect }) {
    this.#isOpen = false;
    this.#awareness.forgetOthers();
    this.emit('state', willReconnect ? 'offline' : 'ended');
    if (!willReconnect) this.emit('ended', code);
  }

  #received(data) {
    if (!(data instanceof ArrayBuffer)) return;
    for (const message of messagesIn(new Uint8Array(data))) this.#hear(message);
  }

  #hear({ kind, bytes, reason }) {
    switch (kind) {
      case 'vector':
        this.#send(syncMessage('state', this.#yjs.encodeStateAsUpdate(this.#document, bytes)));
        break;
      case 'state':
      case 'update':
        this.#yjs.applyUpdate(this.#document, bytes, this);
        if (kind === 'state') this.emit('state', 'synchronised');
        break;
      case 'awareness':
        this.#awareness.hear(bytes);
        break;
      case 'question':
        this.#send(awarenessMessage(this.#awareness.own()));
        break;
      case 'refused':
        this.emit('refused', reason);
        break;
      default:
    }
  }

  #send(frame) {
    if (this.#isOpen) this.#socket.send(frame);
  }
}
