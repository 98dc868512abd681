// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: Hibiki contributors

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { HibikiError } from '../client/index.js';
import { Outbox } from '../client/outbox.js';
import { FakeTime, settled } from '../testing/fake-time.js';

function make({ socket = null, post, limit = 1000 } = {}) {
  const time = new FakeTime();
  const posts = [];
  const route = {
    socket: () => socket,
    mayPost: () => true,
    post: (messages) => {
      posts.push(messages.map((message) => message.id));
      return post ? post(messages) : Promise.resolve(messages.map((message) => ({ position: `p-${message.id}` })));
    },
  };
  const outbox = new Outbox({ limit, clock: time.options, route });
  const add = (id, bytes = 100) => {
    const promise = outbox.add({ topic: 't', event: 'x', payload: null, id }, bytes);
    promise.catch(() => {});
    return promise;
  };
  return { time, outbox, posts, route, add, useSocket: (value) => { socket = value; } };
}

const down = () => Promise.reject(new HibikiError('network', 'down', { retry: true }));

test('what comes in while a request is under way goes together in the next, at most 100 and 48 KiB', async () => {
  const { posts, add } = make();
  for (let id = 0; id < 150; id += 1) add(String(id));
  for (let id = 150; id < 153; id += 1) add(String(id), 30_000);
  await settled();
  assert.deepEqual(posts.map((ids) => ids.length), [1, 100, 50, 1, 1]);
  assert.deepEqual(posts.flat(), Array.from({ length: 153 }, (_, id) => String(id)));
});

test('the socket is used at once, and what it left unanswered goes by POST in the same order', async () => {
  const { outbox, posts, add, useSocket } = make({ socket: (message) => sent.push(message.id) });
  const sent = [];
  const promises = ['a', 'b', 'c'].map((id) => add(id));
  outbox.answered('a', 'p-1');
  useSocket(null);
  outbox.socketLost();
  await settled();
  assert.deepEqual(sent, ['a', 'b', 'c']);
  assert.deepEqual(posts, [['b', 'c']]);
  assert.deepEqual(await Promise.all(promises), ['p-1', 'p-b', 'p-c']);
});

test('what is too large for a frame goes by POST, when all before it is answered', async () => {
  const { outbox, posts, add } = make({ socket: () => {} });
  add('small');
  add('large', 100_000);
  await settled();
  assert.deepEqual(posts, []);
  outbox.answered('small', 'p-1');
  await settled();
  assert.deepEqual(posts, [['large']]);
});

test('a socket that opens during a request waits until the request is answered', async () => {
  let answer;
  const sent = [];
  const { outbox, add, useSocket } = make({ post: () => new Promise((resolve) => { answer = resolve; }) });
  add('a');
  useSocket((message) => sent.push(message.id));
  outbox.wake();
  add('b');
  assert.deepEqual(sent, []);
  answer([{ position: 'p-1' }]);
  await settled();
  assert.deepEqual(sent, ['b']);
});

test('after four and a half minutes without an answer a sent publication is not sent again', async () => {
  const { time, outbox, posts, add } = make({ post: down });
  const promise = add('a');
  await time.pass(290_000);
  await assert.rejects(promise, { code: 'outcome_unknown' });
  const count = posts.length;
  await time.pass(290_000);
  assert.equal(posts.length, count);
  assert.equal(outbox.size, 0);
});

test('an id that is on its way is not taken twice', async () => {
  const { add } = make({ post: down });
  add('a');
  await assert.rejects(add('a'), { code: 'invalid_message' });
});

test('close rejects everything and leaves no timer', async () => {
  const { time, outbox, add } = make({ post: down });
  const promise = add('a');
  await settled();
  assert.equal(time.count, 1);
  outbox.close();
  await assert.rejects(promise, { code: 'closed' });
  await settled();
  assert.equal(time.count, 0);
});
