// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: Hibiki contributors

import { afterPause, make, setText } from './chat-dom.js';
import { briefly } from './chat-state.js';
import { count, shortly } from './chat-words.js';
import { sequenceOf } from './message-id.js';
import { isAskable, parseQuery, withIds } from './search-query.js';

/** A message that was found: a button that goes to it. */
function hit(message, state, go) {
  const room = state.rooms.get(message.roomId);
  const who = message.userName ?? room?.nameOf(message.userId) ?? message.userId;
  const where = room ? state.titleOf(room) : message.roomId;
  const onclick = () => go(message.roomId, sequenceOf(message.id));
  return make('li', {}, make('button', { type: 'button', class: 'hit', onclick },
    make('span', { class: 'hint' }, `${who} in ${where}, ${shortly(message.timestamp)}`),
    make('span', { dir: 'auto' }, briefly(message))));
}

/** The pinned messages of the open room. */
export class PinsView {
  #session;
  #go;

  constructor(session, go) {
    this.#session = session;
    this.#go = go;
  }

  title() {
    return 'Pinned';
  }

  async show(body) {
    const note = make('p', { class: 'hint', role: 'status' }, 'Loading');
    const list = make('ul', { class: 'hits' });
    body.append(note, list);
    const messages = await this.#session.commands.pins(this.#session.state.openId);
    if (!list.isConnected) return;
    setText(note, messages.length === 0 ? 'Nothing is pinned in this room.' : count(messages.length, 'message'));
    list.append(...messages.map((message) => hit(message, this.#session.state, this.#go)));
  }
}

/** Search in all of one's rooms. */
export class SearchView {
  #session;
  #go;
  #run = 0;
  #text = '';

  constructor(session, go) {
    this.#session = session;
    this.#go = go;
  }

  title() {
    return 'Search';
  }

  show(body) {
    const field = make('input', {
      type: 'search', 'aria-label': 'Search', placeholder: 'Words, from: in: has: before: after:', maxlength: '300',
      'aria-describedby': 'search-help', spellcheck: 'false', autocapitalize: 'off',
    });
    const parts = {
      note: make('p', { class: 'hint', role: 'status' }), list: make('ul', { class: 'hits' }),
      more: make('button', { type: 'button', hidden: true }, 'More'),
    };
    field.value = this.#text;
    const look = () => this.#search(field.value, parts);
    field.addEventListener('input', afterPause(300, look));
    field.addEventListener('keydown', (event) => event.key === 'Enter' && look());
    body.append(field, make('p', { class: 'hint', id: 'search-help' },
      'from:Ada, in:general, has:image, file, link, reaction or pin, before:2026-11-21, after:2026-11-01'),
    parts.note, parts.list, parts.more);
    field.focus();
    field.select();
    if (this.#text !== '') look();
  }

  async #search(text, { note, list, more }, cursor = null) {
    this.#text = text;
    this.#run += 1;
    const run = this.#run;
    const query = parseQuery(text);
    const problem = query.filters.find((filter) => filter.problem !== null)?.problem;
    if (!isAskable(query)) {
      list.replaceChildren();
      more.hidden = true;
      return setText(note, problem ?? '');
    }
    const asked = withIds(query, (name, value) => this.#idOf(name, value));
    const found = await this.#session.commands.search(asked, cursor);
    if (!found || run !== this.#run || !list.isConnected) return undefined;
    if (cursor === null) list.replaceChildren();
    list.append(...found.messages.map((message) => hit(message, this.#session.state, this.#go)));
    setText(note, list.children.length === 0 ? 'Nothing was found.' : count(list.children.length, 'message'));
    more.hidden = found.cursor === null;
    more.onclick = () => this.#search(text, { note, list, more }, found.cursor);
    return undefined;
  }

  /** People and rooms are called by their names here. */
  #idOf(name, value) {
    const { state } = this.#session;
    const wanted = value.replace(/^[@#]/, '').toLocaleLowerCase();
    const isIt = (one, id) => one.toLocaleLowerCase() === wanted || id === value;
    if (name === 'in') return [...state.rooms.values()].find((room) => isIt(state.titleOf(room), room.id))?.id ?? value;
    if (wanted === 'me') return state.me.id;
    return [...state.people(), state.me].find((person) => isIt(person.name, person.id))?.id ?? value;
  }
}
