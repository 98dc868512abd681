// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: Hibiki contributors

// Against a running server: HIBIKI_URL=http://127.0.0.1:8080 node --experimental-websocket --test Web/test/live.test.js
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { HibikiClient } from '../client/index.js';
import { FetchEventSource } from '../testing/fetch-event-source.js';
import { until } from '../testing/fake-time.js';

const url = process.env.HIBIKI_URL;
const skip = url ? false : 'HIBIKI_URL is not set';
const skipWithoutSocket = skip || (!globalThis.WebSocket && 'no WebSocket here');
const transports = [...(globalThis.WebSocket ? ['websocket'] : []), 'sse', 'longpoll', 'poll'];
const run = `${Date.now().toString(36)}${Math.random().toString(36).slice(2)}`;
const EventSource = globalThis.EventSource ?? FetchEventSource;
const options = { EventSource, network: null, interval: 50, baseDelay: 100 };

function connect(more = {}) {
  return new HibikiClient(url, { ...options, transports, ...more });
}

function listen(client, topic) {
  const seen = [];
  const subscription = client.subscribe(topic, (event) => seen.push(event.payload));
  return { seen, subscription };
}

test('a client that changes its transport every few events sees what was sent, in order, once', { skip }, async () => {
  const topics = [`public/live-${run}-a`, `public/live-${run}-b, = &%日本`, `public/live-${run}-c`];
  const reader = connect();
  const writer = connect();
  const gaps = [];
  const errors = [];
  reader.on('gap', (gap) => gaps.push(gap));
  reader.on('error', (error) => errors.push(error));
  const feeds = topics.map((topic) => listen(reader, topic));
  try {
    await until(() => feeds.every(({ subscription }) => subscription.position !== null), 'subscribed');
    const sent = topics.map(() => []);
    const used = new Set();
    reader.on('transport', (name) => used.add(name));
    for (let count = 0; count < 900; count += 1) {
      const index = count % topics.length;
      sent[index].push(count);
      const published = writer.publish(topics[index], 'count', count);
      if (count % 11 === 10) await published;
      if (count % 45 === 0) await reader.use(transports[(count / 45) % transports.length]);
      else if (count % 15 === 0) reader.use(transports[(count / 15) % transports.length]);
    }
    await until(() => feeds.every(({ seen }, index) => seen.length >= sent[index].length), 'all received');
    feeds.forEach(({ seen }, index) => assert.deepEqual(seen, sent[index]));
    assert.deepEqual(gaps, []);
    assert.deepEqual(errors.map(String), []);
    assert.deepEqual([...used].sort(), [...transports].sort());
  } finally {
    reader.close();
    writer.close();
  }
});

for (const name of transports) {
  test(`${name}: history, a position of before and a position that is gone`, { skip }, async () => {
    const topic = `public/live-${run}-${name}`;
    const client = connect({ transports: [name] });
    try {
      const positions = [];
      for (const payload of [0, 1, 2]) positions.push(await client.publish(topic, 'x', payload));
      const { events } = await client.history(topic, { since: positions[0] });
      assert.deepEqual(events.map((event) => event.payload), [1, 2]);
      const seen = [];
      const subscription = client.subscribe(topic, (event) => seen.push(event.payload), { since: positions[0] });
      await until(() => seen.length === 2, 'events since the position');
      subscription.unsubscribe();
      const gaps = [];
      client.on('gap', (gap) => gaps.push(gap));
      client.subscribe(topic, (event) => seen.push(event.payload), { since: 'gone-1' });
      await until(() => gaps.length === 1, 'gap');
      assert.deepEqual(gaps, [{ topic, since: 'gone-1', position: positions[2] }]);
      await client.publish(topic, 'x', 3);
      await until(() => seen.length === 3, 'the event after the gap');
      assert.deepEqual(seen, [1, 2, 3]);
    } finally {
      client.close();
    }
  });

  test(`${name}: a topic that is not allowed is refused by its name`, { skip }, async () => {
    const client = connect({ transports: [name] });
    const errors = [];
    client.on('error', (error) => errors.push(error));
    try {
      client.subscribe(`private-${run}`, () => {});
      const { seen, subscription } = listen(client, `public/live-${run}-${name}-open`);
      await until(() => errors.length > 0 && subscription.position !== null, 'refused and subscribed');
      assert.deepEqual([errors[0].code, errors[0].topic], ['permission_denied', `private-${run}`]);
      await assert.rejects(client.publish(`private-${run}`, 'x', 1), { code: 'permission_denied' });
      await client.publish(`public/live-${run}-${name}-open`, 'x', 1);
      await until(() => seen.length === 1, 'the allowed topic goes on');
    } finally {
      client.close();
    }
  });
}

test('websocket: presence, direct and broadcast', { skip: skipWithoutSocket }, async () => {
  const topic = `public/live-${run}-presence`;
  const [one, two] = [connect({ transports: ['websocket'] }), connect({ transports: ['websocket'] })];
  const heard = [];
  two.on('direct', (message) => heard.push(['direct', message.from, message.payload]));
  two.on('broadcast', (message) => heard.push(['broadcast', message.from, message.payload]));
  try {
    const { subscription } = listen(one, topic);
    await until(() => subscription.position !== null && two.clientId !== null, 'connected');
    assert.deepEqual(await two.presence(topic), { topic, count: 1, clients: [one.clientId] });
    assert.equal(await one.direct(two.clientId, { n: 1 }), true);
    assert.equal(await one.direct('nobody', { n: 1 }), false);
    await one.broadcast({ n: 2 });
    await until(() => heard.length === 2, 'direct and broadcast');
    assert.deepEqual(heard, [['direct', one.clientId, { n: 1 }], ['broadcast', one.clientId, { n: 2 }]]);
  } finally {
    one.close();
    two.close();
  }
});
