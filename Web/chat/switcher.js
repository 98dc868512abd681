// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: Hibiki contributors

import { avatar, byId, make, openDialog, setText } from './chat-dom.js';

const dialog = byId('switcher');
const field = byId('switcher-text');
const list = byId('switcher-list');

/** Entries that are offered at one time. */
const offered = 8;

/** Goes to a room or a person by some letters of the name. */
export class Switcher {
  #state;
  #actions;
  #found = [];
  #index = 0;

  /** @param actions `{ open(roomId), talkTo(userId) }` */
  constructor(state, actions) {
    this.#state = state;
    this.#actions = actions;
    field.addEventListener('input', () => this.#look());
    field.addEventListener('keydown', (event) => this.#pressed(event));
    dialog.addEventListener('click', (event) => event.target === dialog && dialog.close());
  }

  show() {
    field.value = '';
    this.#look();
    openDialog(dialog);
    field.focus();
  }

  #look() {
    this.#found = found(this.#state, field.value);
    list.replaceChildren(...this.#found.map((entry, index) => this.#option(entry, index)));
    setText(byId('switcher-none'), this.#found.length === 0 ? 'Nothing has this name.' : '');
    this.#choose(0);
  }

  #option({ id, partnerId, title, kind, status, isPerson }, index) {
    const sign = isPerson || kind === 'direct' ? avatar(partnerId ?? id, title, status)
      : make('span', { class: 'hash', 'aria-hidden': 'true' }, kind === 'public' ? '#' : '◦');
    return make('li', { role: 'option', id: `switch-${index}`, onclick: () => this.#take(index) }, sign,
      make('span', { class: 'who' }, title), isPerson ? make('span', { class: 'hint' }, 'write to') : null);
  }

  #choose(index) {
    if (this.#found.length === 0) return field.removeAttribute('aria-activedescendant');
    this.#index = (index + this.#found.length) % this.#found.length;
    [...list.children].forEach((option, at) => option.setAttribute('aria-selected', String(at === this.#index)));
    return field.setAttribute('aria-activedescendant', `switch-${this.#index}`);
  }

  #pressed(event) {
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (step) this.#choose(this.#index + step);
    else if (event.key === 'Enter' && !event.isComposing) this.#take(this.#index);
    else return;
    event.preventDefault();
  }

  #take(index) {
    const entry = this.#found[index];
    if (!entry) return;
    dialog.close();
    if (entry.isPerson) this.#actions.talkTo(entry.id);
    else this.#actions.open(entry.id);
  }
}

/** Rooms first, and people with whom there is no conversation yet; what begins with the letters before the rest. */
export function found(state, text) {
  const wanted = text.trim().toLocaleLowerCase();
  const rooms = state.roomRows();
  const partners = new Set([...state.rooms.values()].map((room) => state.partnerOf(room)?.id));
  const people = state.people().filter(({ id }) => !partners.has(id));
  const entries = [...rooms, ...people.map(({ id, name }) => (
    { id, title: name, status: state.statusOf(id), isPerson: true }))];
  const rank = ({ title }) => {
    const name = title.toLocaleLowerCase();
    if (name.startsWith(wanted)) return 0;
    return name.includes(wanted) ? 1 : 2;
  };
  const ranked = entries.map((entry) => ({ entry, rank: rank(entry) })).filter(({ rank: one }) => one < 2);
  return ranked.sort((a, b) => a.rank - b.rank).slice(0, offered).map(({ entry }) => entry);
}
