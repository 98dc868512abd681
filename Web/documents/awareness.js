// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: Hibiki contributors

import { Emitter } from '../client/emitter.js';
import { ByteReader, ByteWriter } from './bytes.js';

/** Milliseconds after which somebody who says nothing is taken to be gone, as everywhere in Yjs. */
const patience = 30_000;

/**
 * What people show of themselves beside the document: a name, a colour, where they are. Nothing of it is kept.
 *
 * Emits `change` when somebody is seen anew, and `say` with the bytes that the others are to hear.
 */
export class Awareness extends Emitter {
  #client;
  #now;
  #mine = { clock: 0, state: {} };
  #others = new Map();

  constructor(client, now = Date.now) {
    super();
    this.#client = client;
    this.#now = now;
  }

  /** Of everybody else who is here, by their client. */
  get others() {
    return new Map([...this.#others].filter(([, one]) => one.state !== null).map(([id, one]) => [id, one.state]));
  }

  show(fields) {
    this.#mine.state = { ...this.#mine.state, ...fields };
    this.repeat();
  }

  /** Says it once more, under a new clock: somebody who is silent is taken to be gone. */
  repeat() {
    this.#mine.clock += 1;
    this.emit('say', this.own());
  }

  own() {
    return encode(this.#client, this.#mine.clock, this.#mine.state);
  }

  /** That one has left, for the moment at which the page is closed. */
  goodbye() {
    return encode(this.#client, this.#mine.clock + 1, null);
  }

  hear(bytes) {
    const reader = new ByteReader(bytes);
    let isNew = false;
    for (let left = reader.number(); left > 0; left -= 1) {
      const [client, clock, state] = [reader.number(), reader.number(), JSON.parse(reader.text())];
      if (client === this.#client) this.#hearOfMyself(clock, state);
      else isNew = this.#take(client, clock, state) || isNew;
    }
    if (isNew) this.emit('change');
  }

  /** Without a connection nobody is seen. */
  forgetOthers() {
    this.#others.clear();
    this.emit('change');
  }

  forgetSilent() {
    const silent = [...this.#others].filter(([, one]) => this.#now() - one.heard > patience);
    for (const [client] of silent) this.#others.delete(client);
    if (silent.length > 0) this.emit('change');
  }

  #take(client, clock, state) {
    const known = this.#others.get(client);
    const isGone = state === null && known?.clock === clock && known.state !== null;
    if (known && clock <= known.clock && !isGone) return false;
    this.#others.set(client, { clock, state: isState(state) ? state : null, heard: this.#now() });
    return true;
  }

  /** The server takes an old connection for gone, while this page is here over another. */
  #hearOfMyself(clock, state) {
    if (state !== null || clock < this.#mine.clock) return;
    this.#mine.clock = clock;
    this.repeat();
  }
}

function isState(state) {
  return typeof state === 'object' && state !== null;
}

function encode(client, clock, state) {
  return new ByteWriter().number(1).number(client).number(clock).text(JSON.stringify(state)).end();
}
