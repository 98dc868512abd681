// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: Hibiki contributors

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Timeline } from '../chat/timeline.js';

const message = (sequence, more = {}) => ({ id: `r-${sequence}`, sequence, content: `m${sequence}`,
  revision: sequence, ...more });
const range = (from, to) => Array.from({ length: to - from + 1 }, (_, index) => message(from + index));
const sequences = (timeline) => timeline.messages.map(({ sequence }) => sequence);

function at(from, to, flags = {}, limit = 10) {
  const timeline = new Timeline(limit);
  timeline.replace({ messages: range(from, to), foundOldest: false, foundNewest: false, ...flags });
  return timeline;
}

test('pages at both ends join on, whatever they overlap, and never make more than the limit', () => {
  const timeline = at(20, 25, { foundNewest: true });
  timeline.addBefore({ messages: range(16, 21), foundOldest: false });
  assert.deepEqual([sequences(timeline), timeline.foundNewest], [[16, 17, 18, 19, 20, 21, 22, 23, 24, 25], true]);
  timeline.addBefore({ messages: range(13, 15), foundOldest: true });
  assert.deepEqual([timeline.first, timeline.last, timeline.foundOldest, timeline.foundNewest], [13, 22, true, false]);
  timeline.addAfter({ messages: range(22, 25), foundNewest: true });
  assert.deepEqual([timeline.first, timeline.last, timeline.foundOldest, timeline.foundNewest], [16, 25, false, true]);
});

test('a new message joins on only where the newest is held', () => {
  const [above, below] = [at(1, 3), at(1, 3, { foundNewest: true })];
  assert.deepEqual([above.received(message(4), true), below.received(message(4), true)], [false, true]);
  assert.deepEqual([sequences(above), sequences(below)], [[1, 2, 3], [1, 2, 3, 4]]);
});

test('who reads above keeps what is in sight when more arrives than is held', () => {
  const timeline = at(1, 10, { foundOldest: true, foundNewest: true });
  timeline.received(message(11), false);
  assert.deepEqual([timeline.first, timeline.last, timeline.foundNewest], [1, 10, false]);
  const following = at(1, 10, { foundOldest: true, foundNewest: true });
  following.received(message(11), true);
  assert.deepEqual([following.first, following.last, following.foundOldest], [2, 11, false]);
});

test('a message that was overtaken stands in its place', () => {
  const timeline = at(1, 3, { foundOldest: true, foundNewest: true });
  timeline.received(message(6), true);
  timeline.received(message(5), true);
  timeline.received(message(4), true);
  timeline.received(message(5), true);
  assert.deepEqual(sequences(timeline), [1, 2, 3, 4, 5, 6]);
});

test('an older version of a message does not replace a newer one', () => {
  const timeline = at(1, 3, { foundNewest: true });
  assert.equal(timeline.changed(message(2, { revision: 9, content: 'new' })), true);
  timeline.changed(message(2, { revision: 5, content: 'old' }));
  assert.equal(timeline.find(2).content, 'new');
  assert.equal(timeline.changed(message(7)), false);
});

test('what is removed leaves no trace, and the rest is still found', () => {
  const timeline = at(1, 5);
  assert.deepEqual([timeline.removed(3), timeline.removed(3)], [true, false]);
  assert.deepEqual([sequences(timeline), timeline.find(4).id, timeline.find(3)], [[1, 2, 4, 5], 'r-4', null]);
});
