// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: Hibiki contributors

import assert from 'node:assert/strict';
import { afterEach, beforeEach, test } from 'node:test';
import { HibikiClient } from '../client/index.js';
import { FetchEventSource } from '../testing/fetch-event-source.js';
import { until } from '../testing/fake-time.js';
import { SmallServer } from '../testing/small-server.js';

let server;
let clients;

beforeEach(async () => {
  clients = [];
  server = await new SmallServer().start();
});

afterEach(async () => {
  for (const client of clients) client.close();
  await server.stop();
});

function connect(options = {}) {
  const client = new HibikiClient(server.url, {
    WebSocket: server.WebSocket, EventSource: FetchEventSource, network: null,
    baseDelay: 5, maxDelay: 20, interval: 5, wait: 1, upgradeDelay: 60_000, maxFailures: 2, ...options,
  });
  clients.push(client);
  client.errors = [];
  client.gaps = [];
  client.used = [];
  client.on('error', (error) => client.errors.push(error));
  client.on('gap', (gap) => client.gaps.push(gap));
  client.on('transport', (name) => client.used.push(name));
  return client;
}

function listen(client, topic, options) {
  const seen = [];
  const subscription = client.subscribe(topic, (event) => seen.push(event.payload), options);
  return Object.assign(seen, { subscription });
}

const numbers = (count, from = 0) => Array.from({ length: count }, (_, index) => from + index);

test('it chooses the WebSocket where there is one', async () => {
  const client = connect();
  await until(() => client.state === 'connected');
  assert.equal(client.transport, 'websocket');
  assert.match(client.clientId, /^client/);
});

test('it falls back to Server-Sent Events, then to long polls, then to short polls', async () => {
  const refused = new Set();
  server.refuseSockets = true;
  const isRefused = (kind, url) => refused.has(kind) && url.searchParams.has('topic');
  server.refuse = (kind, url) => (isRefused(kind, url) ? { status: 503 } : null);
  for (const [kinds, expected] of [[[], 'sse'], [['sse'], 'longpoll'], [['sse', 'longpoll'], 'poll']]) {
    for (const kind of kinds) refused.add(kind);
    const client = connect();
    const seen = listen(client, 'public/a');
    await until(() => client.used.at(-1) === expected && seen.subscription.position !== null);
    server.publish({ topic: 'public/a', payload: expected });
    await until(() => seen.includes(expected));
    client.close();
  }
});

for (const name of ['websocket', 'sse', 'longpoll', 'poll']) {
  test(`${name}: two topics arrive in order, from where each began`, async () => {
    for (const payload of numbers(3)) server.publish({ topic: 'public/old', payload });
    const client = connect({ transports: [name] });
    const old = listen(client, 'public/old', { since: 'earliest' });
    const fresh = listen(client, 'public/new, = &%日本');
    await until(() => fresh.subscription.position !== null && old.length === 3);
    for (const payload of numbers(20)) {
      server.publish({ topic: payload % 2 ? 'public/old' : 'public/new, = &%日本', payload });
    }
    await until(() => fresh.length === 10 && old.length === 13);
    assert.deepEqual([...fresh], numbers(20).filter((one) => one % 2 === 0));
    assert.deepEqual([...old], [0, 1, 2, ...numbers(20).filter((one) => one % 2 === 1)]);
    assert.deepEqual(client.errors, []);
  });

  test(`${name}: a restart that lost the log is told, and what follows arrives`, async () => {
    const client = connect({ transports: [name] });
    const a = listen(client, 'public/a');
    const b = listen(client, 'public/b');
    await until(() => a.subscription.position !== null && b.subscription.position !== null);
    server.publish({ topic: 'public/a', payload: 1 });
    await until(() => a.length === 1);
    server.lose('e2');
    await until(() => client.gaps.length >= 2 && client.state === 'connected');
    server.publish({ topic: 'public/a', payload: 2 });
    server.publish({ topic: 'public/b', payload: 3 });
    await until(() => a.length === 2 && b.length === 1);
    assert.deepEqual([[...a], [...b]], [[1, 2], [3]]);
    const gap = client.gaps.find(({ topic }) => topic === 'public/a');
    assert.deepEqual(gap, { topic: 'public/a', since: 'e1-1', position: 'e2-0' });
    assert.equal(client.gaps.length, 2);
  });

  test(`${name}: publications arrive once and in order although connections are cut`, async () => {
    const client = connect({ transports: [name] });
    const seen = listen(client, 'public/a');
    await until(() => seen.subscription.position !== null);
    const positions = [];
    for (const payload of numbers(200)) {
      positions.push(client.publish('public/a', 'count', payload));
      if (payload % 37 === 36) server.cut();
      if (payload % 10 === 9) await new Promise((resolve) => setTimeout(resolve, 2));
    }
    assert.deepEqual(await Promise.all(positions), numbers(200, 1).map((offset) => `e1-${offset}`));
    await until(() => seen.length >= 200);
    assert.deepEqual([...seen], numbers(200));
  });
}

test('changes of transport under load and cuts lose nothing and repeat nothing', async () => {
  const client = connect();
  const topics = ['public/a', 'public/b', 'public/c'];
  const seen = topics.map((topic) => listen(client, topic));
  await until(() => seen.every((one) => one.subscription.position !== null));
  const names = ['sse', 'websocket', 'longpoll', 'poll'];
  for (const round of numbers(300)) {
    for (const topic of topics) server.publish({ topic, payload: round });
    if (round % 7 === 0) client.use(names[(round / 7) % names.length]);
    if (round % 31 === 0) server.cut();
    if (round % 3 === 0) await new Promise((resolve) => setTimeout(resolve, 1));
  }
  await until(() => seen.every((one) => one.length >= 300));
  for (const one of seen) assert.deepEqual([...one], numbers(300));
  assert.deepEqual(client.gaps, []);
});

test('it returns to the WebSocket when that works again, and a listener does not notice', async () => {
  server.refuseSockets = true;
  const client = connect({ upgradeDelay: 20 });
  const seen = listen(client, 'public/a');
  await until(() => client.transport === 'sse' && seen.subscription.position !== null);
  const publishNext = () => server.publish({ topic: 'public/a', payload: server.events('public/a').length });
  const publishing = setInterval(publishNext, 1);
  await until(() => seen.length > 5);
  server.refuseSockets = false;
  await until(() => client.transport === 'websocket');
  const before = seen.length;
  await until(() => seen.length > before + 5);
  clearInterval(publishing);
  await until(() => seen.length === server.events('public/a').length);
  assert.deepEqual([...seen], numbers(seen.length));
  assert.deepEqual(client.used, ['sse', 'websocket']);
});

test('a second listener that begins further back catches up and then sees what the first sees', async () => {
  for (const payload of numbers(5)) server.publish({ topic: 'public/a', payload });
  const client = connect();
  const first = listen(client, 'public/a');
  await until(() => first.subscription.position !== null);
  const second = listen(client, 'public/a', { since: 'earliest' });
  for (const payload of numbers(50, 5)) server.publish({ topic: 'public/a', payload });
  await until(() => second.length >= 55 && first.length >= 50);
  server.publish({ topic: 'public/a', payload: 55 });
  await until(() => second.length >= 56 && first.length >= 51);
  assert.deepEqual([...second], numbers(56));
  assert.deepEqual([...first], numbers(51, 5));
});

test('a topic that is refused is told by its name, and the others go on', async () => {
  server.refuse = (kind, url) => (url.searchParams.getAll('topic').includes('secret')
    ? { status: 403, body: { code: 'permission_denied', message: 'no', retry: false } } : null);
  const client = connect({ transports: ['sse'] });
  listen(client, 'secret');
  const seen = listen(client, 'public/a');
  await until(() => client.errors.length > 0 && client.state === 'connected');
  assert.deepEqual([client.errors[0].code, client.errors[0].topic], ['permission_denied', 'secret']);
  server.publish({ topic: 'public/a', payload: 1 });
  await until(() => seen.length === 1);
});

for (const name of ['websocket', 'sse']) {
  test(`${name}: a topic that somebody takes the client out of is told, and the others go on`, async () => {
    const client = connect({ transports: [name] });
    const a = listen(client, 'public/a');
    const b = listen(client, 'public/b');
    await until(() => a.subscription.position !== null && b.subscription.position !== null && client.clientId !== null);
    server.takeOut('public/a');
    await until(() => client.errors.length > 0);
    assert.deepEqual(client.errors.map(({ code, topic, retry }) => [code, topic, retry]), [['unsubscribed', 'public/a', false]]);
    server.publish({ topic: 'public/a', payload: 1 });
    server.publish({ topic: 'public/b', payload: 2 });
    await until(() => b.length === 1);
    assert.deepEqual([[...a], [...b]], [[], [2]]);
  });

  test(`${name}: a client that the server has ended does not come back another way`, async () => {
    const client = connect({ transports: [name, 'longpoll', 'poll'] });
    const seen = listen(client, 'public/a');
    await until(() => seen.subscription.position !== null && client.clientId !== null);
    const asked = server.requests.length;
    server.disconnect('enough');
    await until(() => client.state === 'closed');
    assert.deepEqual(client.errors.map(({ code, message }) => [code, message]), [['disconnected', 'enough']]);
    await new Promise((resolve) => setTimeout(resolve, 100));
    assert.equal(server.requests.length, asked);
  });
}

test('a publication whose answer was lost is sent again and stored once', async () => {
  let lost = 0;
  const client = connect({
    transports: ['poll'],
    fetch: async (url, options) => {
      const response = await fetch(url, options);
      if (options.method !== 'POST' || lost > 2) return response;
      lost += 1;
      throw new TypeError('the answer was lost');
    },
  });
  assert.equal(await client.publish('public/a', 'x', 1), 'e1-1');
  assert.equal(lost, 3);
  assert.equal(server.events('public/a').length, 1);
});

test('a publication that the server refuses is rejected, and those beside it are stored', async () => {
  const client = connect({
    transports: ['poll'],
    fetch: async (url, options) => {
      if (options.method !== 'POST' || !options.body.includes('"bad"')) return fetch(url, options);
      return Response.json({ error: { code: 'too_large', message: 'no', retry: false } }, { status: 413 });
    },
  });
  const publications = ['a', 'b', 'bad', 'c'].map((payload) => client.publish('public/a', 'x', payload));
  const results = await Promise.allSettled(publications);
  assert.deepEqual(results.map((one) => one.value ?? one.reason.code), ['e1-1', 'e1-2', 'too_large', 'e1-3']);
});

test('while the server is out of reach publications wait untried, and leave when it is back', async () => {
  let isDown = true;
  let tried = 0;
  const client = connect({
    transports: ['sse', 'poll'],
    fetch: (url, options) => {
      if (!isDown) return fetch(url, options);
      if (options.method === 'POST') tried += 1;
      return Promise.reject(new TypeError('down'));
    },
  });
  listen(client, 'public/a');
  await until(() => client.errors.length >= 3);
  const before = tried;
  const published = client.publish('public/a', 'x', 1);
  await until(() => client.errors.length >= 6);
  assert.equal(tried, before);
  isDown = false;
  assert.equal(await published, 'e1-1');
});

test('publications beyond the bound are rejected, and close rejects what is unanswered', async () => {
  const unanswered = (_, { signal }) => new Promise((_, reject) => {
    signal.addEventListener('abort', () => reject(signal.reason));
  });
  const client = connect({ maxQueue: 2, transports: ['poll'], fetch: unanswered });
  const first = client.publish('public/a', 'x', 1);
  client.publish('public/a', 'x', 2);
  await assert.rejects(client.publish('public/a', 'x', 3), { code: 'queue_full' });
  client.close();
  await assert.rejects(first, { code: 'closed' });
});

test('a payload that is no JSON is rejected', async () => {
  await assert.rejects(connect().publish('public/a', 'x', 1n), { code: 'invalid_message' });
});

test('presence, direct, broadcast and commands of the chat need the WebSocket and say so', async () => {
  const client = connect();
  assert.deepEqual(await client.presence('public/a'), { topic: 'public/a', count: 1, clients: [client.clientId] });
  await client.broadcast({ hello: 1 });
  assert.deepEqual(await client.chat('presence', { status: 'away' }), { command: 'presence', of: { status: 'away' } });
  await client.use('poll');
  for (const call of [() => client.chat('presence'), () => client.presence('public/a'), () => client.direct('x', 1), () => client.broadcast(1)]) {
    await assert.rejects(call(), { code: 'unsupported' });
  }
});

test('history reads the log over any transport', async () => {
  for (const payload of numbers(3)) server.publish({ topic: 'public/a', payload });
  for (const name of ['websocket', 'poll']) {
    const client = connect({ transports: [name] });
    await client.use(name);
    const { events, position, gap } = await client.history('public/a', { since: 'e1-1' });
    assert.deepEqual([events.map((event) => event.payload), position, gap], [[1, 2], 'e1-3', false]);
  }
});

test('direct messages, broadcasts and the notice of shutdown are events', async () => {
  const client = connect();
  const seen = [];
  for (const name of ['direct', 'broadcast', 'shutdown']) {
    client.on(name, (message) => seen.push([name, message.payload ?? message.reconnectDelay]));
  }
  await until(() => client.state === 'connected');
  const [socket] = server.sockets;
  socket.say({ type: 'direct', from: 'a', payload: 1, timestamp: 1 });
  socket.say({ type: 'broadcast', from: 'a', payload: 2, timestamp: 1 });
  socket.say({ type: 'server:shutdown', message: 'restart', reconnectDelay: 3 });
  await until(() => seen.length === 3);
  assert.deepEqual(seen, [['direct', 1], ['broadcast', 2], ['shutdown', 3]]);
});

test('pause cuts, and resume brings what was published in between', async () => {
  const client = connect();
  const seen = listen(client, 'public/a');
  await until(() => seen.subscription.position !== null);
  client.pause();
  assert.deepEqual([client.state, client.transport, server.sockets.size], ['paused', null, 0]);
  const published = client.publish('public/a', 'x', 'own');
  server.publish({ topic: 'public/a', payload: 'foreign' });
  client.resume();
  await published;
  await until(() => seen.length === 2);
  assert.deepEqual([...seen], ['foreign', 'own']);
});

test('after unsubscribe nothing arrives, and a new subscription begins anew', async () => {
  for (const name of ['websocket', 'sse', 'longpoll', 'poll']) {
    const client = connect({ transports: [name] });
    const gone = listen(client, `public/${name}`);
    await until(() => gone.subscription.position !== null);
    gone.subscription.unsubscribe();
    server.publish({ topic: `public/${name}`, payload: 1 });
    const fresh = listen(client, `public/${name}`);
    await until(() => fresh.subscription.position !== null);
    server.publish({ topic: `public/${name}`, payload: 2 });
    await until(() => fresh.length === 1);
    assert.deepEqual([[...gone], [...fresh]], [[], [2]], name);
  }
});

test('a listener that throws is reported, and the others see the event', async () => {
  const client = connect();
  client.subscribe('public/a', () => { throw new Error('mine'); });
  const seen = listen(client, 'public/a');
  await until(() => seen.subscription.position !== null);
  server.publish({ topic: 'public/a', payload: 1 });
  await until(() => seen.length === 1);
  assert.equal(client.errors[0].message, 'mine');
});

test('close at any moment leaves no timer and no connection', async () => {
  for (const name of [null, 'websocket', 'sse', 'longpoll', 'poll']) {
    for (const turns of [0, 1, 3, 10, 100]) {
      const timers = new Set();
      const client = connect({
        transports: name ? [name] : undefined,
        setTimeout: (callback, delay) => {
          const timer = setTimeout(() => { timers.delete(timer); callback(); }, delay);
          timers.add(timer);
          return timer;
        },
        clearTimeout: (timer) => { timers.delete(timer); clearTimeout(timer); },
      });
      client.subscribe('public/a', () => {});
      client.publish('public/b', 'x', turns);
      for (let turn = 0; turn < turns; turn += 1) await new Promise((resolve) => setImmediate(resolve));
      client.close();
      await until(() => timers.size === 0, `${name} after ${turns} turns: ${timers.size} timers`, 1000);
      assert.equal(client.state, 'closed');
    }
  }
});

test('no more than getRandomValues is asked of crypto', async () => {
  const { randomUUID } = crypto;
  Object.defineProperty(crypto, 'randomUUID', { value: undefined, configurable: true });
  try {
    assert.equal(await connect().publish('public/a', 'x', 1), 'e1-1');
  } finally {
    Object.defineProperty(crypto, 'randomUUID', { value: randomUUID, configurable: true });
  }
});
