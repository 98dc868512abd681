// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: Hibiki contributors

import { avatar, byId, make, reconcile, setText } from './chat-dom.js';
import { count } from './chat-words.js';

/** The list of rooms, what is unread in them, and the title of the page. */
export class RoomsView {
  #session;
  #list = byId('rooms');
  #invitations = byId('invitations');

  constructor(session) {
    this.#session = session;
    this.#list.addEventListener('keydown', (event) => this.#step(event));
  }

  render() {
    const rows = this.#session.state.roomRows();
    reconcile(this.#list, rows, { key: ({ id }) => id, make: (row) => this.#make(row) });
    byId('no-rooms').hidden = rows.length > 0;
    const { totalUnread, invitations } = this.#session.state;
    reconcile(this.#invitations, [...invitations.values()], {
      key: ({ id }) => id, make: (invitation) => this.#invitation(invitation),
    });
    document.title = totalUnread > 0 ? `(${totalUnread}) Hibiki: chat` : 'Hibiki: chat';
  }

  /** Goes to the room before or after the open one. */
  step(by) {
    const rows = this.#session.state.roomRows();
    const index = rows.findIndex(({ isOpen }) => isOpen);
    const next = rows[index < 0 ? 0 : (index + by + rows.length) % rows.length];
    if (next) this.#session.open(next.id);
  }

  #make({ id, kind, partnerId, title, isOpen, unread, mentions, status, preview }) {
    const words = [title, unread > 0 ? `${unread} unread` : '', mentions > 0 ? count(mentions, 'mention') : '',
      status ?? '']
      .filter((text) => text !== '').join(', ');
    return make('li', {}, make('button', {
      type: 'button', class: 'room', 'aria-current': isOpen ? 'true' : undefined, 'aria-label': words,
      'data-action': 'open',
      'data-unread': unread > 0, onclick: () => this.#session.open(id),
    },
    kind === 'direct' ? avatar(partnerId ?? id, title, status) : hash(kind === 'public' ? '#' : '◦'),
    make('span', { class: 'room-name' }, title),
    make('span', { class: 'preview' }, preview),
    mentions > 0 ? make('span', { class: 'badge mentions' }, `@${mentions}`) : null,
    unread > 0 ? make('span', { class: 'badge' }, unread > 999 ? '999+' : String(unread)) : null));
  }

  #invitation({ id, name }) {
    const session = this.#session;
    return make('li', {}, make('span', { class: 'who' }, name), make('span', { class: 'hint' }, 'You are invited'),
      make('button', { type: 'button', 'aria-label': `Join ${name}`, 'data-action': 'join',
        onclick: () => session.memberships.accept(id) }, 'Join'),
      make('button', { type: 'button', class: 'quiet', 'aria-label': `Say no to ${name}`, 'data-action': 'decline',
        onclick: () => session.memberships.decline(id) }, 'No'));
  }

  #step(event) {
    const step = { ArrowUp: -1, ArrowDown: 1 }[event.key];
    const buttons = [...this.#list.querySelectorAll('button')];
    const index = buttons.indexOf(document.activeElement);
    if (!step || index < 0) return;
    event.preventDefault();
    buttons[index + step]?.focus();
  }
}

function hash(sign) {
  return make('span', { class: 'hash', 'aria-hidden': 'true' }, sign);
}

/** The head of the open room. */
export function showHead(state) {
  const room = state.open;
  byId('room-bar').hidden = room === null;
  byId('history').hidden = room === null;
  byId('no-room').hidden = room !== null;
  if (room === null) return;
  const partner = state.partnerOf(room);
  setText(byId('room-title'), state.titleOf(room));
  setText(byId('room-note'), partner ? state.statusOf(partner.id) : noteOf(room));
}

function noteOf({ about, memberCount, members }) {
  const people = count(Math.max(memberCount, members.size), 'person', 'people');
  return about ? `${people} · ${about}` : people;
}
