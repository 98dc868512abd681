// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: Hibiki contributors

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { ChatAPI } from '../chat/chat-api.js';
import { ChatSession } from '../chat/chat-session.js';
import { ChatStorage } from '../chat/chat-storage.js';
import { stateWords } from '../chat/timeline-rows.js';
import { HibikiClient } from '../client/index.js';
import { ChatServer } from '../testing/chat-server.js';
import { FetchEventSource } from '../testing/fetch-event-source.js';
import { until } from '../testing/fake-time.js';

const dayOf = (timestamp) => new Date(timestamp).toISOString().slice(0, 10);

/** What localStorage is, as far as it is used. */
function memory() {
  const store = {};
  const hidden = (name, value) => Object.defineProperty(store, name, { value });
  hidden('getItem', (key) => store[key] ?? null);
  hidden('setItem', (key, value) => { store[key] = String(value); });
  hidden('removeItem', (key) => { delete store[key]; });
  return store;
}

async function scene(test, people = ['ada', 'bob']) {
  const server = await new ChatServer().start();
  test.after(() => server.stop());
  const tokens = Object.fromEntries(people.map((id) => [id, server.person(id)]));
  server.do(people[0], 'POST', 'rooms', { id: 'r', name: 'Room', members: people.slice(1) });
  const enter = async (id, { storage = memory(), ...options } = {}) => {
    const client = new HibikiClient(server.url, {
      token: tokens[id], WebSocket: server.hub.WebSocket, EventSource: FetchEventSource, network: null, baseDelay: 20,
      maxDelay: 100, openTimeout: 1000, requestTimeout: 1000, ...options,
    });
    const session = new ChatSession({
      me: { id, name: id }, client, storage: new ChatStorage(storage), dayOf,
      api: new ChatAPI(`${server.url}/`, tokens[id], { timeout: 1000 }),
    });
    session.problems = [];
    session.on('problem', (text) => session.problems.push(text));
    test.after(() => session.close());
    await session.start();
    return session;
  };
  return { server, enter };
}

const messages = (session) => session.rows().filter(({ kind }) => kind === 'message');
const texts = (session) => messages(session).map(({ message }) => message.content);
const states = (session) => session.rows().filter(({ isMine }) => isMine).map((row) => stateWords(row, 'group'));

test('two people talk, see each other type, and know what was read', async (t) => {
  const { enter } = await scene(t);
  const [ada, bob] = [await enter('ada'), await enter('bob')];
  await ada.open('r');
  await bob.open('r');
  bob.typed();
  await until(() => ada.state.open.typists.ids.length === 1, 'ada sees bob type');
  bob.send({ content: 'hello' });
  await until(() => texts(ada).length === 1 && states(bob)[0] === 'Delivered', 'delivered');
  assert.deepEqual([texts(ada), ada.state.open.typists.ids], [['hello'], []]);
  await until(() => ada.state.open.unread === 1, 'counted');
  ada.seen(1);
  await until(() => states(bob)[0] === 'Read by ada' && ada.state.open.unread === 0, 'read');
  ada.commands.react(ada.state.open.timeline.find(1), '🎉', true);
  await until(() => bob.state.open.timeline.find(1).reactions?.[0]?.users[0] === 'ada', 'reaction');
  assert.deepEqual([ada.problems, bob.problems], [[], []]);
});

test('a message whose answer is lost is sent again and stored once', async (t) => {
  const { server, enter } = await scene(t);
  const ada = await enter('ada');
  await ada.open('r');
  server.answersToLose = 3;
  for (const content of ['one', 'two', 'three']) ada.send({ content });
  await until(() => ada.unsent === 0, 'all answered');
  assert.deepEqual(server.room('r').messages.map(({ content }) => content), ['one', 'two', 'three']);
  assert.deepEqual(texts(ada), ['one', 'two', 'three']);
  assert.equal(server.answersToLose, 0);
});

test('a message of which nobody knows whether it is stored is sent again, and not shown as refused', async (t) => {
  const { server, enter } = await scene(t);
  const ada = await enter('ada');
  await ada.open('r');
  server.outcomesToForget = 2;
  for (const content of ['one', 'two']) ada.send({ content });
  await until(() => ada.unsent === 0, 'all answered');
  assert.deepEqual(server.room('r').messages.map(({ content }) => content), ['one', 'two']);
  assert.deepEqual([texts(ada), ada.problems, server.outcomesToForget], [['one', 'two'], [], 0]);
});

test('what was written without a network survives the page, and is sent once, in order', async (t) => {
  const { server, enter } = await scene(t);
  const storage = memory();
  const ada = await enter('ada', { storage });
  await ada.open('r');
  const publish = server.hub.publish;
  server.hub.publish = () => ({});
  server.answersToLose = 1;
  ada.send({ content: 'stored, but the answer is lost' });
  await until(() => server.answersToLose === 0, 'lost');
  ada.send({ content: 'never sent' });
  ada.close();
  assert.equal(Object.keys(storage).length, 2);
  server.hub.publish = publish;
  const again = await enter('ada', { storage });
  await again.open('r');
  await until(() => again.unsent === 0 && texts(again).length === 2, 'sent');
  assert.deepEqual(server.room('r').messages.map(({ content }) => content),
    ['stored, but the answer is lost', 'never sent']);
  assert.deepEqual(texts(again), ['stored, but the answer is lost', 'never sent']);
  assert.deepEqual(Object.keys(storage), []);
});

test('a refused message stays to be tried again or given up', async (t) => {
  const { enter } = await scene(t);
  const ada = await enter('ada');
  await ada.open('r');
  const clientId = ada.send({ content: 'forbidden' });
  ada.send({ content: 'allowed' });
  await until(() => states(ada).includes('Not sent') && states(ada).includes('Sent'), 'one refused');
  assert.deepEqual(ada.problems, ['this is not allowed here']);
  ada.discard(clientId);
  assert.deepEqual([texts(ada), ada.unsent], [['allowed'], 0]);
});

test('edits, deletions and reactions of the time away are caught up on, though the log was lost', async (t) => {
  const { server, enter } = await scene(t);
  const ada = await enter('ada');
  for (const content of ['one', 'two', 'three']) server.do('bob', 'POST', 'rooms/r/messages', { content });
  await ada.open('r');
  await until(() => texts(ada).length === 3, 'history');
  server.do('bob', 'PATCH', 'rooms/r/messages/1', { content: 'ONE' });
  server.do('bob', 'DELETE', 'rooms/r/messages/2');
  server.do('bob', 'PUT', 'rooms/r/messages/3/reactions/👍');
  server.do('bob', 'POST', 'rooms/r/messages', { content: 'four' });
  server.hub.lose('e2');
  await until(() => texts(ada).length === 4 && ada.state.open.timeline.find(3).reactions, 'caught up');
  assert.deepEqual(texts(ada), ['ONE', '', 'three', 'four']);
  assert.equal(ada.state.open.revision, server.room('r').revision);
});

test('a hole in the revisions is filled before the event after it', async (t) => {
  const { server, enter } = await scene(t);
  const ada = await enter('ada');
  await ada.open('r');
  await until(() => ada.client.state === 'connected', 'connected');
  const quiet = server.hub.publish;
  server.hub.publish = () => ({});
  for (const content of ['one', 'two']) server.do('bob', 'POST', 'rooms/r/messages', { content });
  server.hub.publish = quiet;
  server.do('bob', 'POST', 'rooms/r/messages', { content: 'three' });
  await until(() => texts(ada).length === 3, 'filled');
  assert.deepEqual(texts(ada), ['one', 'two', 'three']);
});

test('history is read in pages both ways and never held whole', async (t) => {
  const { server, enter } = await scene(t);
  for (let count = 1; count <= 500; count += 1) server.do('bob', 'POST', 'rooms/r/messages', { content: `m${count}` });
  const ada = await enter('ada');
  await ada.open('r', 'newest');
  const { timeline } = ada.state.open;
  assert.equal(timeline.last, 500);
  while (await ada.older()) assert.ok(timeline.messages.length <= 200);
  assert.deepEqual([timeline.first, timeline.foundOldest, timeline.foundNewest], [1, true, false]);
  while (await ada.newer()) assert.ok(timeline.messages.length <= 200);
  assert.deepEqual([timeline.last, timeline.foundNewest], [500, true]);
  await ada.jump(100);
  assert.ok(timeline.find(100) && timeline.first > 50 && !timeline.foundOldest && !timeline.foundNewest);
});

test('cuts of every connection lose nothing and store nothing twice', async (t) => {
  const { server, enter } = await scene(t);
  const [ada, bob] = [await enter('ada'), await enter('bob')];
  await ada.open('r');
  await bob.open('r');
  const sent = [];
  for (let count = 0; count < 40; count += 1) {
    const content = `m${count}`;
    sent.push(content);
    (count % 2 ? ada : bob).send({ content });
    if (count % 5 === 4) server.hub.cut();
    await new Promise((resolve) => setTimeout(resolve, 5));
  }
  await until(() => ada.unsent + bob.unsent === 0 && texts(ada).length === 40 && texts(bob).length === 40, 'all there');
  assert.deepEqual(texts(ada), server.room('r').messages.map(({ content }) => content));
  assert.deepEqual(texts(bob), texts(ada));
  assert.deepEqual([...texts(ada)].sort(), [...sent].sort());
});

test('the server that wants another login is heard', async (t) => {
  const { server, enter } = await scene(t);
  const ada = await enter('ada');
  const ended = new Promise((resolve) => ada.on('ended', resolve));
  server.hub.others = (_, response) => {
    response.writeHead(401, { 'content-type': 'application/json' });
    response.end('{"error":{"code":"token_expired","retry":false}}');
    return true;
  };
  await ada.open('r');
  assert.equal((await ended).code, 'token_expired');
});
