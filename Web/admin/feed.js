// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: Hibiki contributors

import { get } from './api.js';

/** Without a sample for so long the server counts as away, in milliseconds. */
const patience = 6_000;
/** Before the stream is opened again after an answer that was none. */
const pause = 2_000;

/**
 * The server's stream of samples and lines. The browser connects again by itself after a network fault; after an answer that is no
 * stream this asks whether there is a session still, and either goes on or says that it is over.
 */
export class Feed {
  #source = null;
  #listeners;
  #watch;
  #retry;
  #state = 'idle';

  /** @param listeners `{ samples, sample, lines, written, state, over }` */
  constructor(listeners) {
    this.#listeners = listeners;
  }

  open() {
    this.close();
    this.#tell('connecting');
    const source = new EventSource('/admin/feed');
    this.#source = source;
    const on = (name, work) => source.addEventListener(name, (event) => this.#source === source && work(event));
    on('samples', ({ data }) => {
      this.#alive();
      this.#listeners.samples(JSON.parse(data));
    });
    on('sample', ({ data }) => {
      this.#alive();
      this.#listeners.sample(JSON.parse(data));
    });
    on('lines', ({ data }) => this.#listeners.lines(JSON.parse(data)));
    on('log', ({ data }) => this.#listeners.written(JSON.parse(data)));
    on('session', () => this.#over());
    on('server:shutdown', () => this.#tell('stopping'));
    on('error', () => this.#failed(source));
  }

  close() {
    clearTimeout(this.#watch);
    clearTimeout(this.#retry);
    this.#source?.close();
    this.#source = null;
  }

  #alive() {
    this.#tell('live');
    clearTimeout(this.#watch);
    this.#watch = setTimeout(() => this.#tell('away'), patience);
  }

  #failed(source) {
    clearTimeout(this.#watch);
    this.#tell(this.#state === 'stopping' ? 'stopping' : 'away');
    if (source.readyState === EventSource.CLOSED) this.#retry = setTimeout(() => this.#askAgain(), pause);
  }

  async #askAgain() {
    try {
      const { open } = await get('session');
      if (!open) return this.#over();
    } catch (error) {
      if (error.status === 404) return this.#over();
    }
    this.open();
  }

  #over() {
    this.close();
    this.#listeners.over();
  }

  #tell(state) {
    if (state === this.#state || state === 'connecting' && this.#state === 'away') return;
    this.#state = state;
    this.#listeners.state(state);
  }
}
