// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: Hibiki contributors

import { byId, make, openDialog } from './chat-dom.js';
import { exactly } from './chat-words.js';

/** Shows how a message was worded before, the newest wording first. */
export async function showEdits(session, message) {
  const edits = await session.commands.edits(message);
  if (!edits) return;
  const room = session.state.rooms.get(message.roomId);
  const now = { content: message.content, writtenAt: message.editedAt, isNow: true };
  const list = [now, ...edits.reverse()];
  byId('edits-list').replaceChildren(...list.map(({ content, writtenAt, isNow, replacedBy }) => make('li', {},
    make('p', { class: 'hint' }, `${exactly(writtenAt)}${isNow ? ', as it stands' : ''}`
      + (replacedBy && replacedBy !== message.userId ? `, replaced by ${room.nameOf(replacedBy)}` : '')),
    make('p', { class: 'content', dir: 'auto' }, content === '' ? 'without words' : content))));
  openDialog(byId('edits'));
}
