// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: Hibiki contributors

import { get } from './api.js';
import { make, repeatedly, setText } from './dom.js';
import { time } from './format.js';

const interval = 1_000;
const shown = 100;
const longest = 2_000;

/**
 * The newest events of a topic, and those that follow. It reads the log and does not subscribe: looking at a topic shows to nobody who
 * follows it.
 */
export class Tail {
  #topic;
  #position;
  #poll = null;

  constructor(topic) {
    this.#topic = topic;
    this.pause = make('button', { type: 'button', class: 'quiet', 'aria-pressed': 'false', onclick: () => this.#toggle() }, 'Pause');
    this.list = make('ol', { class: 'tail', tabindex: 0, 'aria-label': 'Events, newest first' });
    this.note = make('p', { class: 'hint' }, 'Reading…');
    this.element = make('section', {},
      make('header', { class: 'row' }, make('h3', {}, 'Log'), this.pause), this.note, this.list);
  }

  begin() {
    this.#poll = repeatedly(interval, () => this.#read());
  }

  end() {
    this.#poll?.end();
    this.#poll = null;
  }

  #toggle() {
    const isPaused = this.#poll !== null;
    if (isPaused) this.end();
    else this.begin();
    this.pause.setAttribute('aria-pressed', String(isPaused));
    setText(this.pause, isPaused ? 'Continue' : 'Pause');
  }

  async #read() {
    try {
      const page = await get('topic/events', { name: this.#topic, since: this.#position });
      this.#position = page.last;
      if (page.gap) this.list.prepend(make('li', { class: 'gap' }, 'The log went on faster than this page reads. Some events are not shown.'));
      this.list.prepend(...page.events.map(item).reverse());
      while (this.list.childElementCount > shown) this.list.lastElementChild.remove();
      setText(this.note, this.list.childElementCount > 0 ? 'The newest first. What is published appears here.'
        : 'Nothing is held. What is published appears here.');
    } catch (error) {
      setText(this.note, `The log cannot be read: ${error.message}`);
    }
  }
}

function item({ position, event, payload, timestamp, from }) {
  const text = JSON.stringify(payload);
  return make('li', {},
    make('p', { class: 'hint' }, make('time', { datetime: new Date(timestamp).toISOString() }, time(timestamp)), ` ${event} `,
      make('code', {}, position), from ? ` from ${from}` : ''),
    make('pre', {}, text.length > longest ? `${text.slice(0, longest)}…` : text));
}
