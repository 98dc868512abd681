// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: Hibiki contributors

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { LongPoll } from '../client/index.js';
import { FakeTime, until } from '../testing/fake-time.js';
import { SmallServer } from '../testing/small-server.js';

/** A poll whose requests the test answers; what it has no answer for waits until it is aborted. */
function make(options = {}, answers = []) {
  const time = new FakeTime(options.chance);
  const requests = [];
  const fetch = (url, { signal }) => {
    requests.push(new URL(url).searchParams);
    const answer = answers.shift();
    if (answer instanceof Error) return Promise.reject(answer);
    if (answer) return Promise.resolve(answer);
    return new Promise((resolve, reject) => signal.addEventListener('abort', () => reject(new Error('aborted'))));
  };
  const parameters = { ...time.options, fetch, network: null, topics: 'a', ...options };
  const poll = new LongPoll('http://host/v1/events', parameters);
  const log = [];
  for (const name of ['open', 'gap', 'error', 'close']) poll.on(name, (value) => log.push([name, value]));
  poll.on('event', (event) => log.push(['event', event.payload]));
  return { time, poll, log, requests, names: () => log.map(([name]) => name) };
}

const rest = { event: 'x', from: null, timestamp: 1 };
const event = (offset) => ({ topic: 'a', position: `e-${offset}`, payload: offset, ...rest });
const page = (offsets, lastEventId, more = {}) => Response.json({ events: offsets.map(event), lastEventId, ...more });
const refusal = { error: { code: 'c', message: 'm', retry: true } };
const failure = (status, headers) => Response.json(refusal, { status, headers });

test('the first request asks without waiting, and the next waits from the position that it gave', async () => {
  const { time, requests, log } = make({}, [page([], 'e-4')]);
  await time.pass(0);
  assert.deepEqual(requests.map(String), ['topic=a&since=latest', 'topic=a&since=e-4&wait=25']);
  assert.deepEqual(log, [['open', undefined]]);
});

test('events come in order, and the position goes along', async () => {
  const { time, poll, requests, log } = make({ since: 'e-1' }, [page([2, 3], 'e-3'), page([4], 'e-4')]);
  await time.pass(0);
  assert.deepEqual(log.slice(1), [['event', 2], ['event', 3], ['event', 4]]);
  assert.equal(requests.at(-1).get('since'), 'e-4');
  assert.equal(poll.lastEventId, 'e-4');
});

test('an empty wait goes on from the position in its header', async () => {
  const nothing = new Response(null, { status: 204, headers: { 'last-event-id': 'v-9' } });
  const { time, requests } = make({ topics: ['a', 'b'], now: stepping(30_000) }, [page([], 'v-8'), nothing]);
  await time.pass(0);
  assert.deepEqual(requests.map((query) => query.get('since')), ['latest', 'v-8', 'v-9']);
});

test('a wait that is answered at once with nothing is not repeated at once', async () => {
  const nothing = () => new Response(null, { status: 204 });
  const { time, requests } = make({}, [page([], 'e-1'), nothing(), nothing()]);
  await time.pass(0);
  assert.equal(requests.length, 2);
  await time.pass(500);
  assert.equal(requests.length, 3);
  await time.pass(999);
  assert.equal(requests.length, 3);
  await time.pass(1);
  assert.equal(requests.length, 4);
});

test('short polls follow each other after the interval, full ones at once', async () => {
  const { time, requests } = make({ wait: 0, interval: 2000, limit: 2 }, [page([1, 2], 'e-2'), page([3], 'e-3')]);
  await time.pass(0);
  assert.deepEqual(requests.map(String), ['topic=a&limit=2', 'topic=a&since=e-2&limit=2']);
  await time.pass(2000);
  assert.equal(requests.length, 3);
});

test('a gap is told with the position before it, and it goes on after it', async () => {
  const { time, requests, log } = make({ since: 'old-1' }, [page([], 'e-7', { gap: true })]);
  await time.pass(0);
  assert.deepEqual(log[1], ['gap', { since: 'old-1', lastEventId: 'e-7' }]);
  assert.equal(requests.at(-1).get('since'), 'e-7');
});

test('failures are retried ever more slowly and keep the position', async () => {
  const answers = [new TypeError('down'), failure(503), failure(500), page([2], 'e-2')];
  const { time, requests, names } = make({ since: 'e-1' }, answers);
  for (const delay of [0, 500, 1000, 2000]) await time.pass(delay);
  assert.deepEqual(requests.map((query) => query.get('since')), ['e-1', 'e-1', 'e-1', 'e-1', 'e-2']);
  assert.deepEqual(names(), ['error', 'error', 'error', 'open', 'event']);
});

test('Retry-After is honoured, and spread', async () => {
  const { time, requests } = make({ chance: 0.5 }, [failure(429, { 'retry-after': '4' })]);
  await time.pass(5999);
  assert.equal(requests.length, 1);
  await time.pass(1);
  assert.equal(requests.length, 2);
});

test('the milliseconds of an error count more than its whole seconds', async () => {
  const limited = { error: { code: 'rate_limited', message: 'm', retry: true, retryAfter: 2500 } };
  const answer = Response.json(limited, { status: 429, headers: { 'retry-after': '3' } });
  const { time, log, requests } = make({ chance: 0 }, [answer]);
  await time.pass(2499);
  assert.equal(requests.length, 1);
  assert.deepEqual([log[0][1].code, log[0][1].retryAfter], ['rate_limited', 2500]);
  await time.pass(1);
  assert.equal(requests.length, 2);
});

test('an answer of a server that is about to stop says when to ask again', async () => {
  const headers = { 'retry-after': '4', 'last-event-id': 'e-1' };
  const last = [
    Response.json({ events: [event(1)], lastEventId: 'e-1' }, { headers }), new Response(null, { status: 204, headers }),
  ];
  for (const answer of last) {
    const { time, requests, names } = make({ chance: 0.5, now: stepping(30_000) }, [page([], 'e-0'), answer]);
    await time.pass(5999);
    assert.equal(requests.length, 2);
    await time.pass(1);
    assert.equal(requests.length, 3);
    assert.equal(requests[2].get('since'), 'e-1');
    assert.equal(names().includes('error'), false);
  }
});

test('a refusal ends it with an error that says so', async () => {
  for (const status of [400, 403, 404]) {
    const { time, poll, log, requests } = make({}, [failure(status)]);
    await time.pass(100_000);
    assert.deepEqual(log.map(([name, value]) => [name, value?.retry]), [['error', false], ['close', undefined]]);
    assert.deepEqual([poll.closed, requests.length, time.count], [true, 1, 0]);
  }
});

test('408 and 429 do not end it', async () => {
  const { time, poll } = make({}, [failure(408), failure(429)]);
  await time.pass(3000);
  assert.equal(poll.closed, false);
});

test('a request is given up ten seconds after its wait', async () => {
  const { time, names } = make({}, [page([], 'e-1')]);
  await time.pass(34_999);
  assert.deepEqual(names(), ['open']);
  await time.pass(1);
  assert.deepEqual(names(), ['open', 'error']);
});

test('an answer that is no poll is a failure', async () => {
  for (const body of ['<html>', '[]', 'null', '{"events":[]}']) {
    const { time, log } = make({}, [new Response(body)]);
    await time.pass(0);
    assert.deepEqual(log.map(([name, value]) => [name, value.code]), [['error', 'http']]);
  }
});

test('close in the middle of an answer hands on no more of it, and keeps the position of the last event', async () => {
  const { time, poll, log } = make({ since: 'e-1' }, [page([2, 3], 'e-3')]);
  poll.on('event', () => poll.close());
  await time.pass(0);
  assert.deepEqual(log.filter(([name]) => name === 'event'), [['event', 2]]);
  assert.equal(poll.lastEventId, 'e-2');
  assert.equal(time.count, 0);
});

test('close aborts the request in flight and tells no error', async () => {
  const { time, poll, names } = make({}, [page([], 'e-1')]);
  await time.pass(0);
  poll.close();
  await time.pass(100_000);
  assert.deepEqual(names(), ['open', 'close']);
  assert.equal(time.count, 0);
});

test('a network that is back ends the delay', async () => {
  const network = new EventTarget();
  const { time, requests } = make({ network }, [new TypeError('down')]);
  await time.pass(1);
  network.dispatchEvent(new Event('online'));
  await time.pass(0);
  assert.equal(requests.length, 2);
});

test('over a real connection every event of a busy topic comes once although connections are cut', async () => {
  const server = await new SmallServer().start();
  const poll = new LongPoll(`${server.url}/v1/events`, { topics: ['a', 'b'], wait: 1, baseDelay: 2, network: null });
  const seen = [];
  poll.on('event', (event) => seen.push(event.payload));
  await new Promise((resolve) => poll.once('open', resolve));
  for (let count = 0; count < 200; count += 1) {
    server.publish({ topic: 'a', payload: count });
    if (count % 50 === 25) server.cut();
    if (count % 5 === 0) await new Promise((resolve) => setTimeout(resolve, 1));
  }
  await until(() => seen.length >= 200);
  poll.close();
  await server.stop();
  assert.deepEqual(seen, Array.from({ length: 200 }, (_, index) => index));
});

function stepping(step) {
  let now = 0;
  return () => {
    now += step;
    return now;
  };
}
