// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: Hibiki contributors

import { ByteReader, ByteWriter } from './bytes.js';

// What editors and servers say to each other about a document: y-protocols, as y-websocket frames it.
const [sync, awareness, refusal, question] = [0, 1, 2, 3];
const syncKinds = ['vector', 'state', 'update'];

/** The messages of a frame as `{ kind, bytes }` or `{ kind: 'refused', reason }`. */
export function messagesIn(frame) {
  const reader = new ByteReader(frame);
  const messages = [];
  while (!reader.isAtEnd) messages.push(read(reader));
  return messages;
}

function read(reader) {
  switch (reader.number()) {
    case sync: {
      const kind = syncKinds[reader.number()];
      if (!kind) throw new RangeError('not a message');
      return { kind, bytes: reader.bytes() };
    }
    case awareness: return { kind: 'awareness', bytes: reader.bytes() };
    case refusal: return reader.number() === 0 ? { kind: 'refused', reason: reader.text() } : { kind: 'other' };
    case question: return { kind: 'question' };
    default: throw new RangeError('not a message');
  }
}

/** "This is what I have", "this is what you lack", and "something has changed". */
export function syncMessage(kind, bytes) {
  return new ByteWriter().number(sync).number(syncKinds.indexOf(kind)).bytes(bytes).end();
}

export function awarenessMessage(bytes) {
  return new ByteWriter().number(awareness).bytes(bytes).end();
}
