// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: Hibiki contributors

import { avatar, byId, make, openDialog } from './chat-dom.js';
import { count, lastSeenWords } from './chat-words.js';
import { placeOf } from './room-address.js';

const dialog = byId('new-room');

/** The dialog in which rooms are begun and joined. */
export class RoomDialog {
  #session;
  #problem;

  constructor(session, problem) {
    this.#session = session;
    this.#problem = problem;
    byId('room-public').addEventListener('change', () => this.#showMembers());
    byId('create').addEventListener('submit', () => this.#create());
    byId('accept').addEventListener('submit', () => this.#accept());
  }

  async show() {
    byId('room-name').value = '';
    byId('room-about').value = '';
    byId('room-public').checked = true;
    byId('invitation').value = '';
    byId('public').replaceChildren();
    const { state } = this.#session;
    const choice = (person) => personChoice(person, state, (id) => this.talkTo(id));
    byId('people').replaceChildren(...state.people().map(choice));
    byId('room-people').replaceChildren(...state.people().map((person) => memberChoice(person, state)));
    this.#showMembers();
    openDialog(dialog);
    byId('room-name').focus();
    const rooms = await this.#session.commands.publicRooms();
    const others = [...state.invitations.values(), ...rooms].filter(({ id }) => !state.rooms.has(id));
    byId('public').replaceChildren(...others.map((room) => this.#roomChoice(room)));
    const none = make('li', { class: 'hint' }, 'There are none that you are not in.');
    if (others.length === 0) byId('public').append(none);
  }

  /** The direct conversation with somebody, which is begun if there is none. */
  talkTo(id) {
    dialog.close();
    const { state } = this.#session;
    const known = [...state.rooms.values()].find((room) => state.partnerOf(room)?.id === id);
    if (known) this.#session.open(known.id);
    else this.#try(this.#session.memberships.create({ kind: 'direct', members: [id] }));
  }

  #roomChoice({ id, name, memberCount, by }) {
    const join = () => {
      dialog.close();
      this.#try(this.#session.memberships.join(id));
    };
    return make('li', {}, make('button', { type: 'button', onclick: join }, name ?? id,
      make('span', { class: 'hint' }, by ? 'you are invited' : count(memberCount ?? 0, 'person', 'people'))));
  }

  #create() {
    const name = byId('room-name').value.trim();
    if (name === '') return;
    const about = byId('room-about').value.trim() || undefined;
    const { memberships } = this.#session;
    if (byId('room-public').checked) return this.#try(memberships.create({ name, about, kind: 'public' }));
    const members = [...byId('room-people').querySelectorAll(':checked')].map(({ value }) => value);
    return this.#try(memberships.create({ name, about, kind: 'group', members }));
  }

  /** A room that nobody finds begins with those whom one chooses. */
  #showMembers() {
    byId('room-members').hidden = byId('room-public').checked || byId('room-people').children.length === 0;
  }

  /** An invitation is the address that it was copied as, `room#invite`, or a room's id alone. */
  #accept() {
    const text = byId('invitation').value.trim();
    const { roomId, invite } = text.includes('#') ? placeOf(text.slice(text.indexOf('#'))) : { roomId: text };
    if (roomId) this.#try(this.#session.memberships.join(roomId, invite));
  }

  #try(work) {
    work.catch((error) => this.#problem(error));
  }
}

/** Somebody to whom one may write. */
function personChoice({ id, name }, state, talkTo) {
  const words = lastSeenWords(state.presence.get(id) ?? { status: 'offline' }, Date.now());
  return make('li', {}, make('button', {
    type: 'button', 'aria-label': `Write to ${name}, ${words}`, onclick: () => talkTo(id),
  },
  avatar(id, name, state.statusOf(id)), make('span', { class: 'who' }, name),
  make('span', { class: 'hint' }, words)));
}

function memberChoice({ id, name }, state) {
  return make('li', {}, make('label', { class: 'check' },
    make('input', { type: 'checkbox', value: id }), avatar(id, name, state.statusOf(id)), name));
}
