// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: Hibiki contributors

import { avatar, byId, make, reconcile, setText } from './chat-dom.js';
import { count, lastSeenWords, shortly } from './chat-words.js';
import { openMenu } from './menu.js';
import { isMuted, rightsIn, roles } from './rights.js';

/** People above which there is a field to find one. */
const few = 8;
/** People that are shown at one time. */
const most = 200;
const byName = new Intl.Collator(undefined, { numeric: true });

/** Who is in the open room, and for those who keep order who is invited or banned. */
export class PeopleView {
  #session;
  #menu;
  #actions;
  #parts = null;
  #wanted = '';

  /** @param actions `{ talkTo(id), invite() }` */
  constructor(session, menu, actions) {
    this.#session = session;
    this.#menu = menu;
    this.#actions = actions;
  }

  title() {
    return 'People';
  }

  show(body) {
    const find = make('input', {
      type: 'search', 'aria-label': 'Find somebody', placeholder: 'Find somebody', hidden: true,
      oninput: () => {
        this.#wanted = find.value.trim().toLocaleLowerCase();
        this.update();
      },
    });
    this.#wanted = '';
    this.#parts = {
      find,
      count: make('h3', { id: 'people-count' }),
      people: make('ul', { class: 'choices people', 'aria-labelledby': 'people-count' }),
      rest: make('p', { class: 'hint', hidden: true }),
      outside: make('section', { class: 'outside', 'aria-label': 'Invited and banned', hidden: true },
        make('ul', { class: 'choices' })),
      invite: make('button', { type: 'button', onclick: () => this.#actions.invite() }, 'Invite people'),
    };
    body.append(...Object.values(this.#parts));
    this.update();
    this.#session.memberships.refresh(this.#session.state.open);
  }

  update() {
    const { open: room } = this.#session.state;
    if (!room || !this.#parts) return;
    const wasIn = this.#parts.people.contains(document.activeElement);
    const { find, count: heading, people, rest, outside, invite } = this.#parts;
    const rows = this.#rows(room);
    find.hidden = rows.length <= few;
    setText(heading, count(Math.max(room.memberCount, rows.length), 'person', 'people'));
    const shape = { key: ({ id }) => id };
    const shown = rows.filter(({ name }) => name.toLocaleLowerCase().includes(this.#wanted));
    reconcile(people, shown.slice(0, most), { ...shape, make: (row) => this.#person(row) });
    rest.hidden = shown.length <= most;
    setText(rest, `${count(shown.length - most, 'more person', 'more people')}: find them by their names.`);
    const others = [...room.outsiders.values()];
    outside.hidden = others.length === 0;
    reconcile(outside.firstElementChild, others, { ...shape, make: (one) => this.#outsider(one) });
    invite.hidden = room.kind === 'direct';
    // With a row that goes, the focus would.
    if (wasIn && document.activeElement === document.body) byId('side-title').focus({ preventScroll: true });
  }

  #rows(room) {
    const { state } = this.#session;
    const now = Date.now();
    const rank = ({ role }) => roles.indexOf(role);
    const members = [...room.members.values()].sort((a, b) => rank(a) - rank(b) || byName.compare(a.name, b.name));
    return members.map((member) => {
      const isMe = member.id === state.me.id;
      const status = isMe ? 'online' : state.statusOf(member.id);
      const seen = isMe ? 'you' : lastSeenWords(state.presence.get(member.id) ?? { status }, now);
      const role = member.role === 'member' ? '' : member.role;
      const mute = isMuted(member, now) ? 'muted' : '';
      const isMenu = this.#menu.items(room, member.id).length > (isMe ? 0 : 1);
      return { id: member.id, name: member.name, status, isMe, isMenu,
        about: [role, mute, seen].filter((text) => text !== '').join(', ') };
    });
  }

  #person({ id, name, status, isMe, isMenu, about }) {
    const parts = [avatar(id, name, status), make('span', { class: 'who' }, name),
      make('span', { class: 'hint' }, about)];
    const row = isMe ? make('p', {}, parts) : make('button', {
      type: 'button', 'aria-label': `Write to ${name}, ${about}`, 'data-action': `write ${id}`,
      onclick: () => this.#actions.talkTo(id),
    }, parts);
    return make('li', { class: 'person' }, row, isMenu ? this.#more(id, name) : null);
  }

  #more(id, name) {
    const label = `More about ${name}`;
    const open = ({ currentTarget }) => openMenu(currentTarget, label, this.#menu.items(this.#session.state.open, id));
    return make('button', {
      type: 'button', class: 'quiet more', 'aria-label': label, 'aria-haspopup': 'menu', 'aria-expanded': 'false',
      'data-action': `more ${id}`, onclick: open,
    }, '⋯');
  }

  #outsider({ id, name, standing, bannedUntil }) {
    const { order, state } = this.#session;
    const isBanned = standing === 'banned';
    const until = Number.isFinite(bannedUntil) ? `banned until ${shortly(bannedUntil)}` : 'banned';
    const undo = () => (isBanned ? order.unban(state.open, id) : order.kick(state.open, id));
    const words = isBanned ? 'Let in again' : 'Take back';
    return make('li', { class: 'person' },
      make('p', {}, avatar(id, name), make('span', { class: 'who' }, name,
        make('span', { class: 'hint' }, isBanned ? until : 'invited'))),
      make('button', { type: 'button', class: 'quiet', 'aria-label': `${words}: ${name}`, onclick: undo,
        'data-action': `undo ${id}`, disabled: !rightsIn(state.open).keepOrder }, words));
  }
}
