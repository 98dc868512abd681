// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: Hibiki contributors

import { byId } from './chat-dom.js';
import { openMenu } from './menu.js';
import { rightsIn } from './rights.js';

/** What there is to a room beside its messages: the menu of its head. */
export class RoomMenu {
  /** @param actions `{ room(), side(name), leave(room) }` */
  constructor(actions) {
    const button = byId('room-more');
    button.addEventListener('click', () => openMenu(button, 'This room', itemsOf(actions)));
    byId('room-title').addEventListener('click', () => actions.side('about'));
  }
}

function itemsOf({ room, side, leave }) {
  const open = room();
  const isDirect = open.kind === 'direct';
  const rights = rightsIn(open);
  return [
    { title: rights.govern ? 'Name and topic' : 'About', run: () => side('about') },
    { title: 'Pinned messages', run: () => side('pins') },
    ...(isDirect ? [] : [{ title: 'Invite people', run: () => side('invites') }]),
    ...(rights.keepOrder ? [{ title: 'Reports', run: () => side('reports') }] : []),
    ...(isDirect ? [] : [{ title: 'Leave', isDanger: true, run: () => leave(open) }]),
  ];
}
