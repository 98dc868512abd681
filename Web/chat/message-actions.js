// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: Hibiki contributors

import { briefly } from './chat-state.js';
import { showEdits } from './edits-dialog.js';
import { sequenceOf } from './message-id.js';
import { copy, notice } from './notices.js';
import { askForReason, isSure } from './questions.js';
import { hasReacted } from './reactions.js';
import { pickEmoji } from './reaction-picker.js';
import { addressOf } from './room-address.js';

/**
 * What the tools of a message do.
 *
 * @param parts `{ session, composer, side, base }`
 */
export function messageActions({ session, composer, side, base }) {
  return {
    react: async (message) => {
      const emoji = await pickEmoji();
      if (emoji) session.commands.react(message, emoji, !hasReacted(message, emoji, session.state.me.id));
    },
    reply: (message) => composer.reply(message),
    thread: (message) => side.open('thread', message.threadId ?? message.id),
    pin: (message) => session.commands.pin(message, !message.pinned),
    edit: (message) => composer.edit(message),
    edits: (message) => showEdits(session, message),
    copy: ({ content }) => copy(content, 'The text is copied.'),
    link: ({ id, roomId }) => copy(addressOf(base, roomId, sequenceOf(id)), 'The link is copied.'),
    report: async (message) => {
      const reason = await askForReason(`${message.userName ?? ''}: ${briefly(message)}`);
      if (reason === null) return;
      if (await session.order.report(message, reason)) notice('Reported. Those who keep order here see it.');
    },
    remove: async (message) => {
      const question = { title: 'Delete this message?', text: briefly(message), yes: 'Delete' };
      if (await isSure(question)) session.commands.remove(message);
    },
  };
}
