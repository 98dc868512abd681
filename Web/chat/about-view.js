// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: Hibiki contributors

import { make } from './chat-dom.js';
import { dayOf } from './chat-words.js';
import { notice } from './notices.js';
import { rightsIn } from './rights.js';

const kinds = {
  public: 'Anybody may find and join it.', group: 'Only who is invited comes in.',
  direct: 'Between the two of you: nobody else comes in.',
};

/** What the open room is, with its settings for those who may change them. */
export class AboutView {
  #session;
  #actions;
  #shown = '';

  /** @param actions `{ leave(room) }` */
  constructor(session, actions) {
    this.#session = session;
    this.#actions = actions;
  }

  title() {
    return 'About';
  }

  show(body) {
    this.#shown = '';
    this.update(body);
  }

  /** Drawn anew only when what it shows is another, so that nobody's typing is lost to an event. */
  update(body) {
    const { open: room } = this.#session.state;
    const what = room && JSON.stringify([room.id, room.name, room.about, room.role]);
    if (!room || what === this.#shown) return;
    this.#shown = what;
    body.replaceChildren(...this.#parts(room));
  }

  #parts(room) {
    const { state } = this.#session;
    const facts = make('dl', { class: 'facts' },
      fact('Who may join', kinds[room.kind]),
      room.kind === 'direct' ? null : fact('You are', room.role),
      room.createdAt ? fact('Begun', `${dayOf(room.createdAt)}, by ${room.nameOf(room.createdBy)}`) : null);
    if (room.kind === 'direct') return [make('h3', {}, state.titleOf(room)), facts];
    const leave = make('button', { type: 'button', class: 'danger', onclick: () => this.#actions.leave(room) },
      'Leave this room');
    return [rightsIn(room).govern ? this.#form(room) : this.#words(room), facts, leave];
  }

  #words({ name, about }) {
    return make('div', {}, make('h3', { dir: 'auto' }, name),
      make('p', { class: about ? '' : 'hint', dir: 'auto' }, about || 'Nothing is said about this room.'));
  }

  #form(room) {
    const name = make('input', { id: 'about-name', maxlength: '80', required: true, value: room.name, dir: 'auto' });
    const about = make('textarea', { id: 'about-about', rows: '3', maxlength: '400', dir: 'auto' }, room.about);
    const form = make('form', { class: 'about-form', autocomplete: 'off' },
      make('label', { class: 'field' }, 'Name', name), make('label', { class: 'field' }, 'What it is about', about),
      make('button', { type: 'submit' }, 'Save'));
    form.addEventListener('submit', async (event) => {
      event.preventDefault();
      const change = { name: name.value.trim(), about: about.value.trim() };
      if (change.name === '') return;
      if (await this.#session.order.update(room, change)) notice('The room is changed for everybody.');
    });
    return form;
  }
}

function fact(name, text) {
  return make('div', {}, make('dt', {}, name), make('dd', {}, text));
}
