// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: Hibiki contributors

import assert from 'node:assert/strict';
import { afterEach, beforeEach, test } from 'node:test';
import { EventStream, HibikiClient, LongPoll, TokenSource } from '../client/index.js';
import { renewalDelay } from '../client/token-source.js';
import { fakeEventSource } from '../testing/fake-event-source.js';
import { FakeTime, settled, until } from '../testing/fake-time.js';
import { FetchEventSource } from '../testing/fetch-event-source.js';
import { SmallServer } from '../testing/small-server.js';

let server;
let clients;

beforeEach(async () => {
  clients = [];
  server = await new SmallServer().start();
  server.tokens = new Set(['good']);
});

afterEach(async () => {
  for (const client of clients) client.close();
  await server.stop();
});

function connect(options) {
  const client = new HibikiClient(server.url, {
    WebSocket: server.WebSocket, EventSource: FetchEventSource, network: null,
    baseDelay: 5, maxDelay: 20, interval: 5, wait: 1, upgradeDelay: 60_000, ...options,
  });
  clients.push(client);
  client.errors = [];
  client.on('error', (error) => client.errors.push(error));
  return client;
}

function listen(client, topic) {
  const seen = [];
  const subscription = client.subscribe(topic, (event) => seen.push(event.payload));
  return Object.assign(seen, { subscription });
}

/** A function that gives one token after the other, and the last one ever after. */
function giver(...tokens) {
  const give = () => {
    give.asked += 1;
    const token = tokens.length > 1 ? tokens.shift() : tokens[0];
    if (token instanceof Error) throw token;
    return token;
  };
  return Object.assign(give, { asked: 0 });
}

for (const name of ['websocket', 'sse', 'longpoll', 'poll']) {
  test(`${name}: a token opens what is closed to others`, async () => {
    const client = connect({ transports: [name], token: 'good' });
    const seen = listen(client, 'private/a');
    await until(() => seen.subscription.position !== null);
    await client.publish('private/a', 'x', 1);
    await until(() => seen.length === 1);
    assert.equal((await client.history('private/a')).events.length, 1);
    assert.deepEqual(client.errors, []);
  });

  test(`${name}: a token that is not accepted any more is replaced, once`, async () => {
    const token = giver('old', 'good');
    const client = connect({ transports: [name], token });
    const seen = listen(client, 'private/a');
    await until(() => seen.subscription.position !== null && client.state === 'connected');
    server.publish({ topic: 'private/a', payload: 1 });
    await until(() => seen.length === 1);
    assert.equal(token.asked, 2);
    assert.deepEqual(client.errors, []);
  });

  test(`${name}: a token that is no good, and cannot be replaced, is told`, async () => {
    const client = connect({ transports: [name], token: 'bad' });
    const seen = listen(client, 'private/a');
    await until(() => client.errors.some(({ code }) => code === 'token_expired'));
    assert.equal(seen.subscription.position, null);
  });

  test(`${name}: a function that fails is asked again`, async () => {
    const token = giver(new Error('the service is away'), 'good');
    const client = connect({ transports: [name], token });
    const seen = listen(client, 'private/a');
    await until(() => seen.subscription.position !== null && client.state === 'connected');
    assert.deepEqual([client.errors[0].code, client.errors[0].retry], ['token_unavailable', true]);
    assert.match(client.errors[0].message, /the service is away/);
  });
}

test('a WebSocket whose token runs out shows another and stays', async () => {
  const token = giver('good', 'better');
  const client = connect({ transports: ['websocket'], token });
  await until(() => client.state === 'connected');
  const [socket] = server.sockets;
  server.tokens.add('better');
  server.tellExpiry(0);
  await until(() => socket.shown.length === 2);
  assert.deepEqual(socket.shown, ['good', 'better']);
  assert.deepEqual([...server.sockets], [socket]);
  assert.deepEqual(client.errors, []);
});

test('a stream whose token runs out goes on with another, and misses nothing', async () => {
  const token = giver('good', 'better');
  const client = connect({ transports: ['sse'], token });
  const seen = listen(client, 'private/a');
  await until(() => client.state === 'connected');
  server.publish({ topic: 'private/a', payload: 1 });
  await until(() => seen.length === 1);
  server.tokens.add('better');
  server.tellExpiry(0);
  server.publish({ topic: 'private/a', payload: 2 });
  const streams = () => server.requests.filter(({ kind }) => kind === 'sse').map(({ url }) => url.searchParams);
  await until(() => streams().length === 2);
  server.publish({ topic: 'private/a', payload: 3 });
  await until(() => seen.length === 3);
  assert.deepEqual([...seen], [1, 2, 3]);
  assert.deepEqual(streams().map((query) => query.get('access_token')), ['good', 'better']);
  assert.deepEqual(client.errors, []);
});

test('a WebSocket goes on when there is no other token yet', async () => {
  const client = connect({ transports: ['websocket'], token: giver('good', new Error('away')) });
  await until(() => client.state === 'connected');
  server.tellExpiry(0);
  await until(() => client.errors.length === 1);
  assert.equal(client.errors[0].code, 'token_unavailable');
  assert.equal(client.state, 'connected');
});

test('a function that gives null makes an anonymous client', async () => {
  server.tokens = null;
  const client = connect({ transports: ['websocket'], token: () => null });
  await until(() => client.state === 'connected');
  assert.deepEqual([...server.sockets][0].shown, []);
});

test('what is no token is refused at once', () => {
  assert.throws(() => new HibikiClient(server.url, { token: 7 }), TypeError);
  assert.throws(() => new TokenSource({}), TypeError);
});

test('several who find the same token used up ask for one other', async () => {
  const give = giver('a', 'b', 'c');
  const source = new TokenSource(give);
  const [first, same] = await Promise.all([source.get(), source.get()]);
  const others = await Promise.all([source.renew(first), source.renew(same), source.renew('a')]);
  assert.deepEqual([first, same, ...others, give.asked], ['a', 'a', 'b', 'b', 'b', 2]);
});

test('a long poll by itself shows its token in a header', async () => {
  const asked = [];
  const answers = [401, 200];
  const fetch = async (url, { headers, signal }) => {
    asked.push(headers.authorization);
    const status = answers.shift();
    if (status === undefined) return new Promise((_, reject) => { signal.onabort = () => reject(new Error('aborted')); });
    return Response.json({ events: [], lastEventId: 'e-1' }, { status });
  };
  const poll = new LongPoll('http://host/v1/events', { fetch, network: null, token: giver('one', 'two') });
  await settled();
  poll.close();
  assert.deepEqual(asked, ['Bearer one', 'Bearer two', 'Bearer two']);
});

test('a stream by itself tries another token when it was refused', async () => {
  const time = new FakeTime();
  const EventSource = fakeEventSource();
  const token = giver('one', 'two');
  const stream = new EventStream('http://host/v1/events', { ...time.options, EventSource, network: null, token });
  await time.pass(0);
  EventSource.last.fail({ forGood: true });
  await time.pass(60_000);
  stream.close();
  assert.deepEqual(EventSource.made.map(({ url }) => new URL(url).search), ['?access_token=one', '?access_token=two']);
  assert.equal(time.count, 0);
});

test('a token that never had long is not replaced without end', async () => {
  const time = new FakeTime();
  const EventSource = fakeEventSource();
  const token = giver('one', 'two', 'three');
  const stream = new EventStream('http://host/v1/events', { ...time.options, EventSource, network: null, token });
  await time.pass(0);
  EventSource.last.receive('token:expiring', { timeLeft: 20_000 });
  EventSource.last.receive('token:expiring', { timeLeft: 20_000 });
  await time.pass(9_999);
  assert.equal(token.asked, 1);
  await time.pass(1);
  assert.equal(token.asked, 2);
  stream.close();
  assert.deepEqual([renewalDelay(25_000, 3_575_000), renewalDelay(25_000, 0), renewalDelay(undefined, 0)], [0, 12_500, 0]);
});
