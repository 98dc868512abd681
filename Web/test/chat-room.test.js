// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: Hibiki contributors

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { ChatState } from '../chat/chat-state.js';
import { eventFrom } from '../chat/chat-wire.js';
import { hasReacted } from '../chat/reactions.js';
import { rowsOf, stateWords } from '../chat/timeline-rows.js';
import { OwnTyping, Typists, typingWords } from '../chat/typing.js';

const noon = Date.UTC(2026, 10, 21, 12);
const dayOf = (timestamp) => new Date(timestamp).toISOString().slice(0, 10);
const message = (sequence, userId, more = {}) => ({
  id: `r-${sequence}`, sequence, roomId: 'r', userId, content: `m${sequence}`, timestamp: noon + sequence,
  type: 'text', ...more,
});

function open({ messages = [], ...info } = {}) {
  const state = new ChatState({ id: 'me', name: 'Me' });
  const room = state.put({ id: 'r', name: 'Room', kind: 'group', revision: 0, ...info });
  room.timeline.replace({ messages, foundOldest: true, foundNewest: true });
  const hear = (event, payload, now = noon) => room.apply(eventFrom({ event, payload }), { me: 'me', now });
  const rows = (more) => rowsOf(room, { me: 'me', dayOf, ...more });
  return { state, room, hear, rows };
}

test('an event is applied once, and one that comes too early tells that some were missed', () => {
  const { room, hear } = open();
  hear('message', message(1, 'ada', { revision: 1 }));
  assert.deepEqual([room.place(1), room.place(2), room.place(3), room.place(undefined)],
    ['known', 'next', 'missed', 'next']);
});

test('edits, deletions, reactions and pins change the message that they name', () => {
  const { room, hear } = open({ messages: [message(1, 'ada'), message(2, 'ada')] });
  hear('messageEdited', { ...message(1, 'ada', { content: 'better', editedAt: noon }), revision: 1 });
  hear('reaction', { roomId: 'r', messageId: 'r-1', emoji: '👍', userId: 'bob', revision: 2 });
  hear('reaction', { roomId: 'r', messageId: 'r-1', emoji: '👍', userId: 'me', revision: 3 });
  hear('reaction', { roomId: 'r', messageId: 'r-1', emoji: '👍', userId: 'bob', action: 'remove', revision: 4 });
  hear('pinned', { roomId: 'r', messageId: 'r-1', revision: 5 });
  hear('messageDeleted', { roomId: 'r', messageId: 'r-2', timestamp: noon, deletedBy: 'ada', revision: 6 });
  const [first, second] = room.timeline.messages;
  assert.deepEqual([first.content, first.reactions, first.pinned],
    ['better', [{ emoji: '👍', count: 1, mine: true, users: ['me'] }], true]);
  assert.deepEqual([second.content, second.deletedAt, room.revision], ['', noon, 6]);
  hear('messageDeleted', { roomId: 'r', messageId: 'r-2', hard: true, revision: 7 });
  assert.equal(room.timeline.find(2), null);
});

test('one knows one’s own reaction, though others are named', () => {
  const { room, hear } = open({ messages: [message(1, 'ada',
    { reactions: [{ emoji: '👍', count: 30, mine: true, users: ['x'] }] })] });
  assert.equal(hasReacted(room.timeline.find(1), '👍', 'me'), true);
  hear('reaction', { roomId: 'r', messageId: 'r-1', emoji: '👍', userId: 'me', action: 'remove', revision: 1, count: 29 });
  assert.equal(hasReacted(room.timeline.find(1), '👍', 'me'), false);
  assert.equal(room.timeline.find(1).reactions[0].count, 29);
});

test('a count that is larger than the names is kept', () => {
  const { room, hear } = open({ messages: [message(1, 'ada',
    { reactions: [{ emoji: '👍', count: 30, users: ['x'] }] })] });
  hear('reaction', { roomId: 'r', messageId: 'r-1', emoji: '👍', userId: 'bob', revision: 1 });
  assert.equal(room.timeline.find(1).reactions[0].count, 31);
});

test('receipts say what became of a message, and never go back', () => {
  const { hear, rows } = open({ messages: [message(1, 'me'), message(2, 'me')] });
  const mine = () => rows().filter(({ kind }) => kind === 'message');
  const states = () => mine().map((row) => stateWords(row, 'group'));
  assert.deepEqual([states(), mine().map(({ isTold }) => isTold)], [['Sent', 'Sent'], [false, true]]);
  hear('deliveryReceipt', { roomId: 'r', userId: 'ada', messageId: 'r-2' });
  assert.deepEqual(states(), ['Delivered', 'Delivered']);
  hear('readReceipt', { roomId: 'r', userId: 'ada', messageId: 'r-1' });
  hear('readReceipt', { roomId: 'r', userId: 'me', messageId: 'r-2' });
  assert.deepEqual(states(), ['Read by ada', 'Delivered']);
  hear('readReceipt', { roomId: 'r', userId: 'ada', messageId: 'r-0' });
  assert.deepEqual(states(), ['Read by ada', 'Delivered']);
});

test('rows have days, the line over what is unread, and names once for what belongs together', () => {
  const day = 86_400_000;
  const { rows } = open({ messages: [
    message(1, 'ada', { timestamp: noon - day }), message(2, 'ada'), message(3, 'ada'), message(4, 'bob'),
    message(5, 'bob', { timestamp: noon + 600_000 }),
  ] });
  const shown = rows({ divider: 2 }).map((row) => (row.kind === 'message'
    ? `${row.id}${row.isJoined ? ' joined' : ''}` : row.kind));
  assert.deepEqual(shown, ['day', 'r-1', 'day', 'r-2', 'unread', 'r-3', 'r-4', 'r-5']);
  const undivided = rows().map((row) => (row.kind === 'message' ? row.isJoined : null));
  assert.deepEqual(undivided, [null, false, null, false, true, false, false]);
});

test('a message on its way and the same message stored are one row', () => {
  const pending = [{ clientId: 'c1', roomId: 'r', content: 'hi', createdAt: noon, state: 'sending' }];
  const { hear, rows } = open();
  const [, before] = rows({ pending });
  hear('message', message(1, 'me', { clientId: 'c1', revision: 1 }));
  const [, after] = rows();
  assert.deepEqual([before.key, before.state, after.state], [after.key, 'sending', 'sent']);
});

test('an answer that was made before the last event takes back nothing of it', () => {
  const { room, hear } = open({ muted: true, revision: 3 });
  hear('muted', { roomId: 'r', userId: 'me', muted: false, revision: 4 });
  room.update({ id: 'r', name: 'Old', kind: 'group', muted: true, revision: 3 });
  assert.deepEqual([room.muted, room.name], [false, 'Room']);
  room.update({ id: 'r', name: 'New', kind: 'group', muted: true, revision: 5 });
  assert.deepEqual([room.muted, room.name], [true, 'New']);
});

test('counts of another device are taken, unless they are of before', () => {
  const { state, room } = open({ unread: 3, unreadMentions: 1, lastRead: 4 });
  const tell = (payload) => state.applyOwn(eventFrom({ event: 'unread', payload: { roomId: 'r', ...payload } }));
  tell({ unread: 1, unreadMentions: 0, lastRead: 'r-6' });
  assert.deepEqual([room.unread, room.unreadMentions, room.lastRead], [1, 0, 6]);
  tell({ unread: 3, unreadMentions: 1, lastRead: 4 });
  assert.deepEqual([room.unread, room.lastRead], [1, 6]);
  assert.equal(state.applyOwn(eventFrom({ event: 'roomJoined', payload: { id: 'new' } })), 'unknown');
});

test('typing is said at once, again while it goes on, and ends two seconds after the last key', () => {
  const typing = new OwnTyping();
  const words = [0, 1000, 2000, 3000, 4000, 5000].map((now) => typing.typed(now));
  assert.deepEqual(words, ['typing', null, null, null, 'typing', null]);
  assert.deepEqual([typing.deadline, typing.tick(6999), typing.tick(7000), typing.tick(8000)],
    [7000, null, 'stopTyping', null]);
  assert.equal(typing.typed(9000), 'typing');
  assert.deepEqual([typing.stop(), typing.stop(), typing.tick(20_000)], ['stopTyping', null, null]);
});

test('somebody is shown to type for six seconds at most', () => {
  const typists = new Typists();
  typists.began('ada', 0);
  typists.began('bob', 1000);
  typists.began('ada', 3000);
  assert.deepEqual([typists.deadline, typists.tick(7000), typists.ids], [7000, true, ['ada']]);
  assert.deepEqual([typists.tick(8999), typists.tick(9000), typists.deadline], [false, true, null]);
  assert.deepEqual([[], ['A'], ['A', 'B'], ['A', 'B', 'C']].map(typingWords),
    ['', 'A is typing', 'A and B are typing', '3 people are typing']);
});

test('one who leaves is seen to leave; who is put out loses the room', () => {
  const { room, hear } = open();
  hear('userJoined', { roomId: 'r', userId: 'ada', userName: 'Ada', revision: 1 });
  assert.equal(room.nameOf('ada'), 'Ada');
  assert.equal(hear('userLeft', { roomId: 'r', userId: 'ada', revision: 2 }), 'members');
  assert.equal(hear('userLeft', { roomId: 'r', userId: 'me', revision: 3 }), 'gone');
});
