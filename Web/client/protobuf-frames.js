// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: Hibiki contributors

import { chatMessage, fieldsOfMessage, messageFromFields } from './chat-message.js';
import { decode, encode, enumeration, schema } from './protobuf.js';

const frameType = enumeration({
  event: 0, connect: 1, subscribe: 2, unsubscribe: 3, publish: 4, history: 5, ping: 6, chat: 7, broadcast: 10,
  direct: 11, presence: 12, welcome: 20, reply: 21, error: 22, gap: 23, pong: 24, unsubscribed: 25,
  'token:expiring': 26, 'server:shutdown': 27,
});

const eventFields = [
  { number: 1, name: 'event', kind: 'string', implicit: true },
  { number: 2, name: 'chatMessage', kind: chatMessage },
  { number: 3, name: 'topic', kind: 'string', implicit: true },
  { number: 4, name: 'position', kind: 'string', implicit: true },
  { number: 5, name: 'payload', kind: 'json' },
  { number: 6, name: 'from', kind: 'string' },
  { number: 7, name: 'timestamp', kind: 'int', implicit: true },
];
const frame = schema([
  ...eventFields,
  { number: 8, name: 'type', kind: frameType, implicit: true },
  { number: 9, name: 'id', kind: 'int', only: 'number' },
  { number: 10, name: 'id', kind: 'string', only: 'string' },
  { number: 11, name: 'since', kind: 'string' },
  { number: 12, name: 'limit', kind: 'int' },
  { number: 13, name: 'targetId', kind: 'string', implicit: true },
  { number: 14, name: 'token', kind: 'string', implicit: true },
  { number: 15, name: 'gap', kind: 'bool', implicit: true },
  { number: 16, name: 'duplicate', kind: 'bool', implicit: true },
  { number: 17, name: 'delivered', kind: 'bool' },
  { number: 18, name: 'events', kind: schema(eventFields), repeated: true },
  { number: 19, name: 'principal', kind: 'string', implicit: true },
  { number: 20, name: 'expiresAt', kind: 'int' },
  { number: 21, name: 'count', kind: 'int', implicit: true },
  { number: 22, name: 'clients', kind: 'string', repeated: true },
  { number: 23, name: 'code', kind: 'string', implicit: true },
  { number: 24, name: 'message', kind: 'string', implicit: true },
  { number: 25, name: 'retry', kind: 'bool', implicit: true },
  { number: 26, name: 'retryAfter', kind: 'int' },
  { number: 27, name: 'clientId', kind: 'string', implicit: true },
  { number: 28, name: 'reconnectDelay', kind: 'int', implicit: true },
  { number: 29, name: 'timeLeft', kind: 'int', implicit: true },
  { number: 30, name: 'command', kind: 'string', implicit: true },
  { number: 31, name: 'result', kind: 'json' },
]);

/** What JSON says where a frame is silent. */
const silence = {
  event: { from: null, timestamp: 0 },
  error: { retry: false, message: '' },
  presence: { count: 0, clients: [] },
  welcome: { timestamp: 0 },
  pong: { timestamp: 0 },
  broadcast: { timestamp: 0 },
  direct: { timestamp: 0 },
  'token:expiring': { timeLeft: 0 },
  'server:shutdown': { reconnectDelay: 0 },
};

export function encodeFrame(message) {
  if (!frameType.numberOf.has(message.type)) throw new TypeError(`there is no message of type '${message.type}'`);
  return encode(message.chatMessage || message.events ? withFields(message) : message, frame);
}

export function decodeFrame(bytes) {
  const message = decode(bytes instanceof Uint8Array ? bytes : new Uint8Array(bytes), frame);
  message.type ??= 'event';
  if (message.chatMessage) withPayload(message);
  for (const event of message.events ?? []) fill(withPayload(event), silence.event);
  return fill(message, silence[message.type]);
}

function fill(message, silent) {
  for (const name in silent) message[name] ??= Array.isArray(silent[name]) ? [] : silent[name];
  return message;
}

function withFields(message) {
  const copy = { ...message };
  if (copy.chatMessage) copy.chatMessage = fieldsOfMessage(copy.chatMessage);
  copy.events &&= copy.events.map(withFields);
  return copy;
}

function withPayload(event) {
  if (event.chatMessage) {
    event.payload = messageFromFields(event.chatMessage);
    delete event.chatMessage;
  }
  return event;
}
