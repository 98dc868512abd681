// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: Hibiki contributors

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Attention } from '../chat/attention.js';
import { AwayTeller } from '../chat/away-teller.js';
import { ChatState } from '../chat/chat-state.js';
import { eventFrom, memberFrom, roomFrom } from '../chat/chat-wire.js';
import { refusalWords } from '../chat/refusal-words.js';
import { isMuted, rightsIn, silenceWords, standsAbove } from '../chat/rights.js';
import { addressOf, placeOf } from '../chat/room-address.js';

const noon = Date.UTC(2026, 10, 21, 12);
const clock = (time) => new Date(time).toISOString().slice(11, 16);

function scene(role = 'owner', kind = 'public') {
  const state = new ChatState({ id: 'me', name: 'Me' });
  const room = state.put(roomFrom({ id: 'r', kind, revision: 0, members: 2, membership: { role, standing: 'joined' } }));
  state.met(room, [{ userId: 'me', userName: 'Me', role }, { userId: 'ada', userName: 'Ada', role: 'moderator' },
    { userId: 'bob', userName: 'Bob', role: 'member', standing: 'banned', bannedUntil: noon },
    { userId: 'eve', role: 'member', standing: 'left' }].map(memberFrom));
  const hear = (event, payload) => room.apply(eventFrom({ event, payload }), { me: 'me', now: noon });
  return { state, room, hear };
}

test('those who have left or are banned are no members', () => {
  const { room } = scene();
  assert.deepEqual([...room.members.keys()], ['me', 'ada']);
  assert.deepEqual([...room.outsiders.values()],
    [{ id: 'bob', name: 'Bob', standing: 'banned', bannedUntil: noon }]);
});

test('each role may what those below may, and more', () => {
  const rights = (role, kind = 'group') => Object.entries(rightsIn({ role, kind }, noon)).filter(([, has]) => has)
    .map(([name]) => name).join();
  assert.deepEqual(['owner', 'moderator', 'member', 'reader'].map((role) => rights(role)),
    ['keepOrder,govern,pin,write', 'keepOrder,pin,write', 'write', '']);
  assert.equal(rights('member', 'direct'), 'pin,write');
});

test('nobody stands above an equal, or above oneself', () => {
  const { room } = scene('moderator');
  const ada = room.members.get('ada');
  assert.deepEqual([standsAbove(room, ada, 'me'), standsAbove(room, room.members.get('me'), 'me')], [false, false]);
  assert.equal(standsAbove(scene('owner').room, ada, 'me'), true);
  assert.equal(standsAbove(scene('member').room, { id: 'x', role: 'reader' }, 'me'), false);
});

test('a mute is heard, ends with its time, and is said with it', () => {
  const { room, hear } = scene('member');
  hear('muted', { userId: 'me', muted: true, until: noon + 60_000, revision: 1 });
  assert.deepEqual([isMuted(room, noon), isMuted(room, noon + 60_000)], [true, false]);
  assert.equal(silenceWords(room, noon, clock), 'You are muted in this room until 12:01: you may read, and not write.');
  assert.equal(silenceWords(room, noon + 60_000, clock), '');
  hear('muted', { userId: 'me', muted: true, revision: 2 });
  assert.equal(isMuted(room, noon + 1e12), true);
  hear('muted', { userId: 'me', muted: false, revision: 3 });
  assert.equal(rightsIn(room, noon).write, true);
});

test('another role of oneself is one of the room, that of another only of that one', () => {
  const { room, hear } = scene('member');
  hear('roleChanged', { userId: 'ada', role: 'owner', revision: 1 });
  assert.deepEqual([room.role, room.members.get('ada').role], ['member', 'owner']);
  hear('roleChanged', { userId: 'me', role: 'reader', revision: 2 });
  assert.deepEqual([room.role, room.id], ['reader', 'r']);
  assert.equal(silenceWords(room, noon, clock), 'You may read here, and not write.');
});

test('a room to which one is only invited is none of one\'s rooms', () => {
  const { state } = scene();
  state.listed([{ id: 'r', name: 'R', membership: { standing: 'joined' } },
    { id: 'q', name: 'Q', membership: { standing: 'invited' } }].map(roomFrom));
  assert.deepEqual([[...state.rooms.keys()], [...state.invitations.keys()]], [['r'], ['q']]);
  state.listed([]);
  assert.deepEqual([state.rooms.size, state.invitations.size], [0, 0]);
});

test('what a room is about may be taken away, and stays where an event does not speak of it', () => {
  const { room, hear } = scene();
  hear('roomUpdated', { info: { id: 'r', kind: 'public', name: 'R', about: 'bells' }, revision: 1 });
  hear('roomInfo', { members: 7 });
  assert.deepEqual([room.about, room.memberCount], ['bells', 7]);
  hear('roomUpdated', { info: { id: 'r', kind: 'public', name: 'R' }, revision: 2 });
  assert.equal(room.about, '');
});

test('nobody looks who has not touched the page for long, or has hidden it', () => {
  const attention = new Attention({ idleAfter: 300, hiddenAfter: 10 }, 1000);
  assert.deepEqual([attention.isAway(1299), attention.isAway(1300)], [false, true]);
  attention.touched(1200);
  assert.equal(attention.isAway(1499), false);
  attention.shown(false, 1210);
  attention.shown(false, 1219);
  assert.deepEqual([attention.isAway(1219), attention.isAway(1220)], [false, true]);
  attention.shown(true, 1230);
  assert.equal(attention.awayAt, 1530);
});

test('that one looks away is told once, again on a new connection, and when the server has forgotten', () => {
  const told = [];
  const teller = new AwayTeller({ idleAfter: 300_000 }, 0, async (isAway) => { told.push(isAway); });
  teller.tick(299_999);
  teller.connected(299_999);
  assert.deepEqual([told, teller.deadline], [[], 300_000]);
  teller.tick(300_000);
  teller.tick(310_000);
  assert.deepEqual([told, teller.deadline], [[true], null]);
  teller.connected(311_000);
  teller.asked(320_000);
  assert.deepEqual(told, [true, true]);
  teller.asked(380_000);
  assert.deepEqual(told, [true, true, true]);
  teller.touched(381_000);
  teller.touched(382_000);
  assert.deepEqual(told, [true, true, true, false]);
});

test('a refusal of the server becomes a sentence', () => {
  assert.equal(refusalWords({ code: 'permission_denied', message: 'only to somebody of a lower role' }),
    'Only to somebody of a lower role.');
  assert.equal(refusalWords({ code: 'limit_exceeded', message: 'too fast', retryAfter: 1500 }),
    'Too fast. Try again in 2 seconds.');
  assert.equal(refusalWords({ code: 'network', message: 'fetch failed' }),
    'The server does not answer. Try again in a moment.');
  assert.equal(refusalWords({ code: 'banned', message: 'x' }), 'You are banned from this room.');
  assert.equal(refusalWords({}), 'This could not be done.');
});

test('the address of a page names a room, and an invite or a message in it', () => {
  const hashOf = (...parts) => new URL(addressOf('http://host/', ...parts)).hash;
  assert.deepEqual(placeOf(hashOf('a~b')), { roomId: 'a~b', sequence: undefined, invite: undefined });
  assert.deepEqual(placeOf(hashOf('r', 12)), { roomId: 'r', sequence: 12, invite: undefined });
  assert.deepEqual(placeOf(hashOf('r', 'abcdefghijklmnop')),
    { roomId: 'r', sequence: undefined, invite: 'abcdefghijklmnop' });
  assert.deepEqual([placeOf('').roomId, placeOf('#%E0%A4%A').roomId], [null, '%E0%A4%A']);
});
