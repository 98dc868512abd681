// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: Hibiki contributors

import { enumeration, schema } from './protobuf.js';

const messageType = enumeration({ text: 0, image: 1, file: 2, system: 3 });

const quote = schema([
  { number: 1, name: 'id', kind: 'string', implicit: true },
  { number: 2, name: 'userId', kind: 'string', implicit: true },
  { number: 3, name: 'content', kind: 'string', implicit: true },
  { number: 4, name: 'deleted', kind: 'bool', implicit: true },
]);
const reaction = schema([
  { number: 1, name: 'emoji', kind: 'string', implicit: true },
  { number: 2, name: 'count', kind: 'int', implicit: true },
  { number: 3, name: 'users', kind: 'string', repeated: true },
]);
const attachment = schema([
  { number: 1, name: 'id', kind: 'string', implicit: true },
  { number: 2, name: 'name', kind: 'string', implicit: true },
  { number: 3, name: 'type', kind: 'string', implicit: true },
  { number: 4, name: 'size', kind: 'int', implicit: true },
  { number: 5, name: 'width', kind: 'int' },
  { number: 6, name: 'height', kind: 'int' },
]);

/** `ChatMessage` of Proto/hibiki.proto, under the names that it has in JSON. */
export const chatMessage = schema([
  { number: 1, name: 'id', kind: 'string', implicit: true },
  { number: 2, name: 'roomId', kind: 'string', implicit: true },
  { number: 3, name: 'userId', kind: 'string', implicit: true },
  { number: 4, name: 'content', kind: 'string', implicit: true },
  { number: 5, name: 'timestamp', kind: 'int', implicit: true },
  { number: 6, name: 'type', kind: messageType, implicit: true },
  { number: 7, name: 'sequence', kind: 'int', implicit: true },
  { number: 8, name: 'userName', kind: 'string' },
  { number: 9, name: 'status', kind: 'string', implicit: true },
  { number: 10, name: 'clientId', kind: 'string' },
  { number: 11, name: 'editedAt', kind: 'int' },
  { number: 12, name: 'edits', kind: 'int' },
  { number: 13, name: 'deletedAt', kind: 'int' },
  { number: 14, name: 'deletedBy', kind: 'string' },
  { number: 15, name: 'replyTo', kind: quote },
  { number: 16, name: 'threadId', kind: 'string' },
  { number: 17, name: 'replies', kind: 'int' },
  { number: 18, name: 'mentions', kind: 'string', repeated: true },
  { number: 19, name: 'reactions', kind: reaction, repeated: true },
  { number: 20, name: 'pinned', kind: 'bool', implicit: true },
  { number: 21, name: 'attachments', kind: attachment, repeated: true },
  { number: 22, name: 'revision', kind: 'int' },
  { number: 23, name: 'pinnedBy', kind: 'string' },
  { number: 24, name: 'more', kind: 'json' },
]);

const known = new Set(chatMessage.fields.map(({ name }) => name));
const silent = { id: '', roomId: '', userId: '', content: '', timestamp: 0, type: 'text' };

export function messageFromFields({ more, ...fields }) {
  const message = { ...more, ...silent, ...fields };
  if (message.replyTo) message.replyTo = { id: '', userId: '', content: '', ...message.replyTo };
  message.reactions &&= message.reactions.map((one) => ({ emoji: '', count: 0, users: [], ...one }));
  message.attachments &&= message.attachments.map((one) => ({ id: '', name: '', type: '', size: 0, ...one }));
  return message;
}

export function fieldsOfMessage(message) {
  const strangers = Object.entries(message).filter(([name]) => !known.has(name) || name === 'more');
  return { ...message, more: strangers.length > 0 ? Object.fromEntries(strangers) : undefined };
}
