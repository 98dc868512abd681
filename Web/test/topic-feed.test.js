// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: Hibiki contributors

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Subscriber, TopicFeed } from '../client/topic-feed.js';

function feed() {
  const heard = [];
  const made = new TopicFeed('rooms/attic', '5d41c0a2-1');
  made.subscribers.add(new Subscriber('rooms/attic', ({ event }) => heard.push(event), '5d41c0a2-1', true));
  return { heard, made };
}

test('an event that no log keeps is handed on as often as it comes, and moves nothing', () => {
  const { heard, made } = feed();
  made.accept({ event: 'typing' });
  made.accept({ event: 'typing' });
  assert.deepEqual(heard, ['typing', 'typing']);
  assert.equal(made.position, '5d41c0a2-1');
  made.accept({ event: 'message', position: '5d41c0a2-2' });
  made.accept({ event: 'message', position: '5d41c0a2-2' });
  made.accept({ event: 'stopTyping' });
  assert.deepEqual(heard, ['typing', 'typing', 'message', 'stopTyping']);
  assert.equal(made.position, '5d41c0a2-2');
});
