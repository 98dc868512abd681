// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: Hibiki contributors

import { avatar, byId, make, openDialog } from './chat-dom.js';
import { count, lastSeenWords } from './chat-words.js';

const dialog = byId('new-room');

/** The dialog in which rooms are begun and joined. */
export class RoomDialog {
  #session;
  #problem;

  constructor(session, problem) {
    this.#session = session;
    this.#problem = problem;
    byId('create').addEventListener('submit', () => this.#create());
    byId('accept').addEventListener('submit', () => this.#accept());
  }

  async show() {
    byId('room-name').value = '';
    byId('invitation').value = '';
    byId('public').replaceChildren();
    const { state } = this.#session;
    const choice = (person) => personChoice(person, state, (id) => this.talkTo(id));
    byId('people').replaceChildren(...state.people().map(choice));
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
    else this.#try(this.#session.create({ kind: 'direct', members: [id] }));
  }

  #roomChoice({ id, name, memberCount, by }) {
    const join = () => {
      dialog.close();
      this.#try(this.#session.join(id));
    };
    return make('li', {}, make('button', { type: 'button', onclick: join }, name ?? id,
      make('span', { class: 'hint' }, by ? 'you are invited' : count(memberCount ?? 0, 'person', 'people'))));
  }

  #create() {
    const name = byId('room-name').value.trim();
    if (name !== '') this.#try(this.#session.create({ name, kind: byId('room-public').checked ? 'public' : 'group' }));
  }

  /** An invitation is the address that it was copied as, `room#invite`, or a room's id alone. */
  #accept() {
    const text = byId('invitation').value.trim();
    const [roomId, invite] = text.includes('#') ? text.split('#').at(-1).split('/') : [text];
    if (roomId) this.#try(this.#session.join(roomId, invite));
  }

  #try(work) {
    work.catch((error) => this.#problem(error.message));
  }
}

/** Somebody to whom one may write. */
export function personChoice({ id, name, role }, state, talkTo) {
  const isMe = id === state.me.id;
  const status = isMe ? 'online' : state.statusOf(id);
  const words = isMe ? 'you' : lastSeenWords(state.presence.get(id) ?? { status }, Date.now());
  const about = role && role !== 'member' ? `${role}, ${words}` : words;
  const parts = [avatar(id, name, status), make('span', {}, name), make('span', { class: 'hint' }, about)];
  if (isMe) return make('li', {}, make('p', {}, parts));
  const properties = { type: 'button', 'aria-label': `Write to ${name}, ${about}`, onclick: () => talkTo(id) };
  return make('li', {}, make('button', properties, parts));
}
