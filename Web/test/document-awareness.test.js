// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: Hibiki contributors

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Awareness } from '../documents/awareness.js';
import { ByteReader, ByteWriter } from '../documents/bytes.js';
import { messagesIn, syncMessage } from '../documents/document-messages.js';
import { addressOf, hashOf, nameIn, newName } from '../documents/document-name.js';
import { colourOf, nameOf } from '../documents/people.js';

const said = (client, clock, state) =>
  new ByteWriter().number(1).number(client).number(clock).text(JSON.stringify(state)).end();

test('numbers and bytes are written as lib0 does, and what is cut off throws', () => {
  assert.deepEqual([...new ByteWriter().number(0).number(127).number(128).number(300).end()], [0, 127, 128, 1, 172, 2]);
  for (const number of [0, 127, 128, 2 ** 32, Number.MAX_SAFE_INTEGER]) {
    assert.equal(new ByteReader(new ByteWriter().number(number).end()).number(), number);
  }
  assert.throws(() => new ByteReader(Uint8Array.of(128)).number(), RangeError);
  assert.throws(() => new ByteReader(new Uint8Array(20).fill(255)).number(), RangeError);
  assert.throws(() => new ByteReader(Uint8Array.of(5, 1)).bytes(), RangeError);
});

test('a frame may have several messages', () => {
  const frame = Uint8Array.of(...syncMessage('vector', Uint8Array.of(7)), ...syncMessage('update', Uint8Array.of(8, 9)), 3);
  assert.deepEqual(messagesIn(frame).map(({ kind, bytes }) => [kind, bytes && [...bytes]]),
    [['vector', [7]], ['update', [8, 9]], ['question', undefined]]);
  assert.deepEqual(messagesIn(Uint8Array.of(2, 0, 2, 110, 111)), [{ kind: 'refused', reason: 'no' }]);
  for (const bytes of [[9], [0, 3, 0], [0]]) assert.throws(() => messagesIn(Uint8Array.from(bytes)), RangeError);
});

test('what is older than what is known is not taken, and who has left is not seen', () => {
  const awareness = new Awareness(1);
  let changes = 0;
  awareness.on('change', () => { changes += 1; });
  awareness.hear(said(2, 5, { user: 'two' }));
  awareness.hear(said(2, 4, { user: 'old' }));
  awareness.hear(said(2, 5, { user: 'same' }));
  assert.deepEqual([...awareness.others], [[2, { user: 'two' }]]);
  awareness.hear(said(2, 5, null));
  assert.equal(awareness.others.size, 0);
  awareness.hear(said(2, 5, { user: 'late' }));
  assert.equal(awareness.others.size, 0);
  awareness.hear(said(2, 6, { user: 'back' }));
  assert.equal(awareness.others.size, 1);
  assert.equal(changes, 3);
});

test('who is silent for too long is gone', () => {
  let now = 0;
  const awareness = new Awareness(1, () => now);
  awareness.hear(said(2, 1, {}));
  now = 30_000;
  awareness.forgetSilent();
  assert.equal(awareness.others.size, 1);
  now = 30_001;
  awareness.forgetSilent();
  assert.equal(awareness.others.size, 0);
});

test('who is said to be gone and is here says so', () => {
  const awareness = new Awareness(1);
  awareness.show({ user: 'me' });
  const heard = [];
  awareness.on('say', (bytes) => heard.push(bytes));
  awareness.hear(said(1, 7, null));
  const other = new Awareness(2);
  other.hear(said(1, 7, null));
  other.hear(heard[0]);
  assert.deepEqual([...other.others], [[1, { user: 'me' }]]);
  other.hear(awareness.goodbye());
  assert.equal(other.others.size, 0);
});

test('names and colours of others are bounded', () => {
  assert.equal(nameOf({ user: { name: ` ${'x'.repeat(99)}` } }), 'x'.repeat(40));
  assert.deepEqual([{}, { user: null }, { user: { name: 7 } }, { user: { name: '  ' } }].map(nameOf),
    Array(4).fill('Somebody'));
  assert.equal(colourOf({ user: { color: '#A1b2c3' } }), '#A1b2c3');
  for (const color of ['red', '#fff', 'url(x)', 7, '#12345678']) assert.match(colourOf({ user: { color } }), /^#[0-9a-f]{6}$/);
});

test('the address of the page names the document', () => {
  globalThis.location = new URL('http://127.0.0.1:8080/documents/');
  assert.deepEqual(['', '#', '#public/pad', '#a%20b/%C3%A9', '#%'].map(nameIn),
    ['public/pad', 'public/pad', 'public/pad', 'a b/é', '%']);
  assert.equal(nameIn(hashOf('public/a b#?')), 'public/a b#?');
  assert.equal(addressOf('public/a b#?'), 'http://127.0.0.1:8080/yjs/public/a%20b%23%3F');
  assert.match(newName(), /^public\/[0-9a-z]{10}$/);
});
