// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: Hibiki contributors

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { EventStream } from '../client/index.js';
import { fakeEventSource } from '../testing/fake-event-source.js';
import { FakeTime } from '../testing/fake-time.js';

function make(options = {}) {
  const time = new FakeTime(options.chance);
  const EventSource = fakeEventSource();
  const url = 'http://host/v1/events?topic=a';
  const stream = new EventStream(url, { ...time.options, EventSource, network: null, ...options });
  return { time, EventSource, stream };
}

test('handlers hear parsed data and the event, registered before or after the connection', () => {
  const { EventSource, stream } = make();
  const seen = [];
  stream.on('early', (data, event) => seen.push([data, event.lastEventId]));
  EventSource.last.open();
  stream.on('late', (data) => seen.push(data));
  EventSource.last.receive('early', { n: 1 }, 'e-1');
  EventSource.last.receive('late', 'no JSON', 'e-2');
  assert.deepEqual(seen, [[{ n: 1 }, 'e-1'], 'no JSON']);
  assert.equal(stream.lastEventId, 'e-2');
});

test('two handlers of one event each hear it once, and one that throws is reported', () => {
  const { EventSource, stream } = make();
  const seen = [];
  stream.on('error', (error) => seen.push(error.message));
  stream.on('news', () => { throw new Error('mine'); });
  stream.on('news', (data) => seen.push(data));
  EventSource.last.receive('news', 1);
  assert.deepEqual(seen, ['mine', 1]);
});

test('the client id comes with connected and goes with the connection', () => {
  const { EventSource, stream } = make();
  EventSource.last.receive('connected', { clientId: 'Yk3' }, 'e-0');
  assert.equal(stream.clientId, 'Yk3');
  EventSource.last.fail();
  assert.equal(stream.clientId, null);
});

test('while EventSource comes back by itself nothing else is opened', async () => {
  const { time, EventSource } = make();
  EventSource.last.fail();
  await time.pass(100_000);
  assert.equal(EventSource.made.length, 1);
});

test('after EventSource gave up the stream comes back with its last id, ever more slowly', async () => {
  const { time, EventSource, stream } = make({ since: 'e-5' });
  assert.equal(new URL(EventSource.last.url).searchParams.get('since'), 'e-5');
  stream.on('news', () => {});
  EventSource.last.receive('news', 1, 'e-6');
  const delays = [];
  stream.on('reconnecting', ({ delay }) => delays.push(delay));
  for (const delay of [500, 1000, 2000]) {
    EventSource.last.fail({ forGood: true });
    await time.pass(delay);
    const { searchParams } = new URL(EventSource.last.url);
    assert.deepEqual([searchParams.get('since'), searchParams.get('topic')], ['e-6', 'a']);
  }
  assert.deepEqual(delays, [500, 1000, 2000]);
  EventSource.last.receive('news', 2, 'e-7');
  EventSource.last.fail({ forGood: true });
  assert.equal(delays.at(-1), 500);
});

test('handlers go along to the next connection', async () => {
  const { time, EventSource, stream } = make();
  const seen = [];
  stream.on('news', (data) => seen.push(data));
  EventSource.last.fail({ forGood: true });
  await time.pass(500);
  EventSource.last.receive('news', 1);
  EventSource.made[0].receive('news', 'of the old stream');
  assert.deepEqual(seen, [1]);
});

test('after the last try the stream is closed', async () => {
  const { time, EventSource, stream } = make({ maxRetries: 1 });
  let closed = 0;
  stream.on('close', () => { closed += 1; });
  EventSource.last.fail({ forGood: true });
  await time.pass(500);
  EventSource.last.fail({ forGood: true });
  assert.deepEqual([closed, stream.readyState, time.count], [1, 2, 0]);
});

test('after a notice of shutdown it waits what the server asked for', async () => {
  const { time, EventSource, stream } = make({ chance: 0.5 });
  const delays = [];
  stream.on('reconnecting', ({ delay }) => delays.push(delay));
  EventSource.last.receive('server:shutdown', { reconnectDelay: 4000 });
  EventSource.last.fail();
  assert.deepEqual(delays, [6000]);
  assert.equal(EventSource.last.readyState, 2);
  await time.pass(6000);
  assert.equal(EventSource.made.length, 2);
});

test('a network that is back opens a new stream at once', () => {
  const network = new EventTarget();
  const { EventSource, stream } = make({ network });
  network.dispatchEvent(new Event('online'));
  assert.deepEqual(EventSource.made.map((source) => source.readyState), [2, 0]);
  stream.close();
  network.dispatchEvent(new Event('online'));
  assert.equal(EventSource.made.length, 2);
});

test('close while waiting leaves nothing', async () => {
  const { time, EventSource, stream } = make();
  EventSource.last.fail({ forGood: true });
  stream.close();
  assert.equal(time.count, 0);
  assert.equal(stream.readyState, 2);
});

test('a stream that the server has ended for good stays closed, and one that may come back does', async () => {
  for (const [retry, state, made] of [[false, 2, 1], [true, 0, 2]]) {
    const { time, EventSource, stream } = make();
    const seen = [];
    stream.on('server:disconnect', (notice) => seen.push(notice.code));
    stream.on('close', () => seen.push('close'));
    EventSource.last.receive('server:disconnect', { code: 4502, message: 'out', retry });
    if (retry) EventSource.last.fail({ forGood: true });
    await time.pass(1000);
    assert.deepEqual([seen, stream.readyState, EventSource.made.length], [retry ? [4502] : [4502, 'close'], state, made]);
  }
});
