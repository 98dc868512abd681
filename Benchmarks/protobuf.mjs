// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: Hibiki contributors
//
// How many bytes messages of the native protocol take in JSON and in Protocol Buffers, plain and compressed as the server
// compresses, and how long the browser client's code takes to write and read them: node Benchmarks/protobuf.mjs
// Times are of the processor, the least of several rounds, so that other work on the machine hardly counts.

import { deflateRawSync } from 'node:zlib';
import { decodeFrame, encodeFrame } from '../Web/client/protobuf-frames.js';

const TURNS = 20_000;
const ROUNDS = 15;

const position = '5d41c0a2-1729';
const from = 'Yk3vbYxQ1m0aJ2o9c8T7Zg';
const timestamp = 1_763_700_000_000;
const chatMessage = {
  id: 'general-1729', sequence: 1729, revision: 2048, roomId: 'general', userId: 'alice', userName: 'Alice',
  content: 'Shall we meet at the station at nine, or is that too early for you?', timestamp, status: 'sent', type: 'text',
  clientId: '0b1e7c52-6d0f-4a6e-9f55-0d9a3f1b2c4d', mentions: ['bob'],
  reactions: [{ emoji: '👍', count: 2, users: ['bob', 'carol'] }],
};
const reading = { sensor: 'a-17', temperature: 21.5, humidity: 40, ok: true };

const messages = [
  ['`ping`', { type: 'ping', id: 17 }],
  ['`publish`, a payload of 4 members',
    { type: 'publish', topic: 'public/sensors', event: 'reading', payload: reading, id: 17 }],
  ['its `reply`', { type: 'reply', id: 17, position }],
  ['its `event`',
    { type: 'event', topic: 'public/sensors', position, event: 'reading', payload: reading, from, timestamp }],
  ['`event`, a payload of 1,000 characters',
    { type: 'event', topic: 'public/news', position, event: 'text', payload: 'n'.repeat(1_000), from, timestamp }],
  ['`event`, a message of a room',
    { type: 'event', topic: 'rooms/general', position, event: 'message', payload: chatMessage, from: null, timestamp }],
];

/** As the server writes it: a message of a room in fields. */
function frameOf(message) {
  if (message.topic !== 'rooms/general') return encodeFrame(message);
  const { payload, ...event } = message;
  return encodeFrame({ ...event, chatMessage: payload });
}

function microseconds(body) {
  let least = Infinity;
  for (let round = 0; round < ROUNDS; round += 1) {
    const start = process.cpuUsage();
    for (let turn = 0; turn < TURNS; turn += 1) body();
    const { user, system } = process.cpuUsage(start);
    least = Math.min(least, (user + system) / TURNS);
  }
  return least.toFixed(2);
}

const encoder = new TextEncoder();
const decoder = new TextDecoder();
const compressed = (bytes) => deflateRawSync(bytes, { level: 3 }).length;

console.log('| message | bytes | compressed | write, µs | read, µs |');
console.log('|---|---|---|---|---|');
for (const [name, message] of messages) {
  const text = encoder.encode(JSON.stringify(message));
  const frame = frameOf(message).slice();
  const cells = [
    `${text.length} → ${frame.length}`, `${compressed(text)} → ${compressed(frame)}`,
    `${microseconds(() => encoder.encode(JSON.stringify(message)))} → ${microseconds(() => frameOf(message))}`,
    `${microseconds(() => JSON.parse(decoder.decode(text)))} → ${microseconds(() => decodeFrame(frame))}`,
  ];
  console.log(`| ${name} | ${cells.join(' | ')} |`);
}
