// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: Hibiki contributors

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { SendQueue } from '../chat/send-queue.js';

const ids = (entries) => entries.map(({ clientId }) => clientId);

function queueOf(...pairs) {
  const queue = new SendQueue({ random: () => 1 });
  for (const [clientId, roomId] of pairs) queue.add({ clientId, roomId, content: clientId }, 0);
  return queue;
}

test('one message of each room is under way at a time, in the order in which they were written', () => {
  const queue = queueOf(['a1', 'a'], ['a2', 'a'], ['b1', 'b']);
  assert.deepEqual(ids(queue.due(0)), ['a1', 'b1']);
  assert.deepEqual(ids(queue.due(0)), []);
  queue.stored('a1');
  assert.deepEqual(ids(queue.due(0)), ['a2']);
});

test('without an answer everything waits, longer each time, and the order is kept', () => {
  const queue = queueOf(['a1', 'a'], ['a2', 'a']);
  const delays = [];
  for (let now = 0; delays.length < 7; now = queue.deadline) {
    assert.deepEqual(ids(queue.due(now)), ['a1']);
    queue.delayed('a1', now);
    delays.push(queue.deadline - now);
    assert.deepEqual(queue.due(queue.deadline - 1), []);
  }
  assert.deepEqual(delays, [500, 1000, 2000, 4000, 5000, 5000, 5000]);
});

test('it comes back no earlier than it was asked to, unless the network is said to be back', () => {
  const queue = queueOf(['a1', 'a']);
  queue.due(0);
  queue.delayed('a1', 0, 60_000);
  assert.equal(queue.deadline, 60_000);
  queue.hurry();
  assert.deepEqual(ids(queue.due(1)), ['a1']);
});

test('a refused message stays, does not hold up the others, and can be tried again or given up', () => {
  const queue = queueOf(['a1', 'a'], ['a2', 'a']);
  queue.due(0);
  queue.refused('a1', 'too long');
  assert.deepEqual(ids(queue.due(0)), ['a2']);
  assert.deepEqual([queue.inRoom('a')[0].state, queue.inRoom('a')[0].error], ['refused', 'too long']);
  queue.stored('a2');
  queue.retry('a1');
  assert.deepEqual(ids(queue.due(0)), ['a1']);
  assert.equal(queue.discard('a1'), false, 'it is under way');
  queue.refused('a1', 'no');
  assert.deepEqual([queue.discard('a1'), queue.size, queue.deadline], [true, 0, null]);
});

test('what was under way when the page ended is sent again, first, under the same id', () => {
  const before = queueOf(['a1', 'a'], ['a2', 'a']);
  before.due(0);
  const entries = JSON.parse(JSON.stringify(before.entries));
  const after = new SendQueue({ entries });
  assert.deepEqual(ids(after.due(0)), ['a1']);
});
