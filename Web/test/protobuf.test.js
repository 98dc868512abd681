// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: Hibiki contributors

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { HibikiClient, ReconnectingWebSocket, decodeFrame, encodeFrame } from '../client/index.js';
import { fakeWebSocket } from '../testing/fake-socket.js';
import { until } from '../testing/fake-time.js';
import { SmallServer } from '../testing/small-server.js';

const hex = (bytes) => Buffer.from(bytes).toString('hex');
const bytes = (text) => new Uint8Array(Buffer.from(text.replaceAll(' ', ''), 'hex'));

const chatMessage = {
  id: 'a-12', sequence: 12, revision: 40, roomId: 'a', userId: 'alice', userName: 'Alice', content: '響\n',
  timestamp: 1763700000000, status: 'sent', type: 'file', clientId: 'c', threadId: 'a-3', replies: 2, editedAt: 7,
  edits: 1, replyTo: { id: 'a-11', userId: 'bob', content: '', deleted: true }, mentions: ['bob', '@all'],
  reactions: [{ emoji: '👍', count: 21, users: ['bob', 'eve'] }, { emoji: 'x', count: 0, users: [] }], pinned: true,
  pinnedBy: 'eve', attachments: [{ id: 'f', name: 'x.png', type: 'image/png', size: 2 ** 40, width: 0 }],
  mood: { a: [1] },
};

// Of each a text as protoc --encode writes it.
const known = [
  [{ type: 'ping' }, '4006'],
  [{ type: 'subscribe', topic: 'public/a', since: '', id: 1 }, '1a087075626c69632f6140024801 5a00'],
  [{ type: 'publish', topic: 'a', event: 'e', payload: { x: 1 }, id: 'k' }, '0a01651a01612a077b2278223a317d400452016b'],
  [{ type: 'history', topic: 'a', since: 'earliest', limit: 300, id: -1 },
    '1a0161400548ffffffffffffffffff015a086561726c6965737460ac02'],
  [{ type: 'chat', command: 'rooms', payload: {}, id: 3 }, '2a027b7d40074803f20105726f6f6d73'],
];

for (const [message, text] of known) {
  test(`${message.type} is written as protoc writes it, and read back`, () => {
    assert.equal(hex(encodeFrame(message)), text.replaceAll(' ', ''));
    assert.deepEqual(decodeFrame(bytes(text)), message);
  });
}

const said = [
  { type: 'welcome', clientId: 'Yk3', timestamp: 5, principal: 'alice' },
  { type: 'event', topic: 'a', position: 'e-1', event: 'e', payload: null, from: null, timestamp: 1763700000000 },
  { type: 'event', topic: 'a', event: 'typing', payload: '', from: 'Yk3', timestamp: 0 },
  { type: 'reply', id: 0 },
  { type: 'reply', id: 'k', position: 'e-1', duplicate: true },
  { type: 'reply', id: 1, topic: 'a', position: 'e-1', gap: true },
  { type: 'reply', id: 1, delivered: false },
  { type: 'reply', id: 1, principal: 'alice', expiresAt: 0 },
  { type: 'reply', id: 1, result: [{ a: 1 }] },
  { type: 'reply', id: 1, position: 'e-1', events: [
    { topic: 'a', position: 'e-1', event: 'e', payload: 1, from: null, timestamp: 0 },
    { topic: 'a', position: 'e-2', event: 'e', payload: '2', from: 'Yk3', timestamp: 1 },
  ] },
  { type: 'presence', id: 1, topic: 'a', count: 0, clients: [] },
  { type: 'presence', id: 1, topic: 'a', count: 2, clients: ['Yk3', ''] },
  { type: 'error', id: 1, code: 'rate_limited', message: 'no', retry: true, retryAfter: 0 },
  { type: 'error', code: 'invalid_message', message: '', retry: false },
  { type: 'gap', topic: 'a', position: 'e-1' },
  { type: 'pong', timestamp: 0 },
  { type: 'broadcast', from: 'Yk3', payload: 1, timestamp: 2 },
  { type: 'direct', from: '', payload: [], timestamp: 2 },
  { type: 'unsubscribed', topic: 'a' },
  { type: 'token:expiring', timeLeft: 25_000 },
  { type: 'server:shutdown', message: 'bye', reconnectDelay: 5_000 },
];

for (const message of said) {
  test(`${JSON.stringify(message)} is the same after it was written and read`, () => {
    assert.deepEqual(decodeFrame(encodeFrame(message)), message);
  });
}

test('a message of a room is the payload of its event, whole', () => {
  const event = { type: 'event', topic: 'rooms/a', position: 'e-1', event: 'message', from: null, timestamp: 1 };
  const read = decodeFrame(encodeFrame({ ...event, chatMessage }));
  assert.deepEqual(read, { ...event, payload: chatMessage });
  const plain = { id: '', roomId: 'a', userId: '', content: '', timestamp: 0, type: 'text' };
  assert.deepEqual(decodeFrame(encodeFrame({ ...event, chatMessage: { roomId: 'a' } })).payload, plain);
});

test('what a message of a room says beyond its fields does not reach the prototype', () => {
  const more = '{"__proto__":{"evil":1},"id":"forged"}';
  const inner = `12 01 61 c2 01 ${Buffer.from([more.length]).toString('hex')} ${Buffer.from(more).toString('hex')}`;
  const outer = bytes(inner);
  const { payload } = decodeFrame(new Uint8Array([0x12, outer.length, ...outer]));
  assert.equal(payload.evil, undefined);
  assert.equal(Object.getPrototypeOf(payload), Object.prototype);
  assert.equal(payload.id, '');
});

test('numbers hold as long as a number can', () => {
  for (const number of [0, 127, 128, 2 ** 32, 2 ** 53 - 1, -1, -(2 ** 53) + 1]) {
    assert.equal(decodeFrame(encodeFrame({ type: 'ping', id: number })).id, number);
  }
});

test('fields that are not known are passed over, and of one that comes twice the last counts', () => {
  const strangers = '98 06 05 a2 06 02 6161 a9 06 0000000000000000 b5 06 00000000';
  assert.deepEqual(decodeFrame(bytes(`${strangers} 1a0162 4801 4002 1a0161 ${strangers} 480c`)), {
    type: 'subscribe', topic: 'a', id: 12,
  });
  assert.equal(decodeFrame(bytes('40e807')).type, 'type 1000');
});

for (const text of [
  '40', '4086', '1a02', '1affffffff0f61', '40ffffffffffffffffff02', '4080808080808080808080', '0006', '1b1c', '46',
  '1801', '420106', '1a01ff', '2a017b', '0d0000', '0900', '12021001',
]) {
  test(`the bytes ${text} are refused`, () => assert.throws(() => decodeFrame(bytes(text))));
}

test('mutated frames are read or refused, and take no longer than their bytes', () => {
  let state = 42;
  const random = (limit) => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return Math.floor((state / 2 ** 32) * limit);
  };
  const seeds = [...said, ...known.map(([message]) => message), { type: 'event', chatMessage }].map(encodeFrame);
  let readable = 0;
  for (let count = 0; count < 20_000; count += 1) {
    const frame = [...seeds[random(seeds.length)]];
    frame.splice(random(frame.length), random(3), ...Array.from({ length: random(3) }, () => random(256)));
    try {
      decodeFrame(new Uint8Array(frame));
      readable += 1;
    } catch (error) {
      assert.ok(error instanceof RangeError || error instanceof TypeError || error instanceof SyntaxError, error);
    }
  }
  assert.ok(readable > 1_000);
});

// The client

async function connected(speaksProtobuf, options) {
  const server = await new SmallServer().start();
  server.speaksProtobuf = speaksProtobuf;
  const client = new HibikiClient(server.url, {
    WebSocket: server.WebSocket, network: null, transports: ['websocket'], ...options,
  });
  await until(() => client.state === 'connected');
  return { server, client, protocol: [...server.sockets][0].protocol };
}

for (const [speaksProtobuf, options, expected] of [
  [true, { protocol: 'protobuf' }, 'hibiki.protobuf'], [false, { protocol: 'protobuf' }, 'hibiki.json'],
  [true, {}, 'hibiki.json'],
]) {
  test(`a client with ${JSON.stringify(options)} speaks ${expected} where that is known: ${speaksProtobuf}`, async () => {
    const { server, client, protocol } = await connected(speaksProtobuf, options);
    try {
      assert.equal(protocol, expected);
      const seen = [];
      client.subscribe('public/a', ({ payload }) => seen.push(payload), { since: 'earliest' });
      const position = await client.publish('public/a', 'message', { a: ['響'] });
      server.publish({ topic: 'public/a', payload: 2 });
      await until(() => seen.length === 2);
      assert.deepEqual(seen, [{ a: ['響'] }, 2]);
      const { events } = await client.history('public/a');
      assert.deepEqual([events.length, events[0].position], [2, position]);
      assert.deepEqual((await client.history('public/none')).events, []);
      assert.equal((await client.presence('public/a')).count, 1);
    } finally {
      client.close();
      await server.stop();
    }
  });
}

test('a client that is asked for a protocol that there is not says so', () => {
  assert.throws(() => new HibikiClient('http://127.0.0.1:1', { protocol: 'xml', network: null }), TypeError);
});

test('a socket with codecs writes what waited in the form that was agreed on', () => {
  const WebSocket = fakeWebSocket();
  const codecs = { 'x.bin': { encode: ({ n }) => new Uint8Array([n]), decode: (data) => ({ n: data[0] }) } };
  const socket = new ReconnectingWebSocket('ws://127.0.0.1:1', { WebSocket, codecs, protocols: ['x.bin'], network: null });
  const heard = [];
  socket.on('message', (message) => heard.push(message));
  socket.send({ n: 7 });
  WebSocket.last.protocol = 'x.bin';
  WebSocket.last.open();
  socket.send({ n: 8 });
  WebSocket.last.onmessage({ data: new Uint8Array([9]) });
  assert.deepEqual(WebSocket.last.sent, [new Uint8Array([7]), new Uint8Array([8])]);
  assert.deepEqual(heard, [{ n: 9 }]);
  socket.close();
});
