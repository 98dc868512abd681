// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: Hibiki contributors

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { ReconnectingWebSocket, mayComeBack } from '../client/index.js';
import { fakeWebSocket } from '../testing/fake-socket.js';
import { FakeTime } from '../testing/fake-time.js';

function make(options = {}) {
  const time = new FakeTime(options.chance);
  const WebSocket = fakeWebSocket();
  const socket = new ReconnectingWebSocket('http://host/ws', { ...time.options, WebSocket, network: null, ...options });
  const log = [];
  for (const name of ['open', 'close', 'message', 'reconnecting', 'maxRetriesReached', 'error']) {
    socket.on(name, (event) => log.push([name, event]));
  }
  return { time, WebSocket, socket, log, names: () => log.map(([name]) => name) };
}

test('an http address becomes a ws address', () => {
  assert.equal(make().WebSocket.last.url, 'ws://host/ws');
});

test('what is sent before open waits, and leaves in order before the open event', () => {
  const { WebSocket, socket } = make();
  let atOpen = null;
  socket.on('open', () => { atOpen = [...WebSocket.last.sent]; });
  socket.send('a');
  socket.send({ type: 'b' });
  assert.equal(socket.queued, 2);
  WebSocket.last.open();
  assert.deepEqual(atOpen, ['a', '{"type":"b"}']);
});

test('a full queue throws and keeps what it holds', () => {
  const { WebSocket, socket } = make({ maxQueue: 2 });
  socket.send('a');
  socket.send('b');
  assert.throws(() => socket.send('c'), { code: 'queue_full' });
  WebSocket.last.open();
  assert.deepEqual(WebSocket.last.sent, ['a', 'b']);
});

test('messages are events, and events of their type; text that is no JSON comes as it is', () => {
  const { WebSocket, socket, log } = make();
  const typed = [];
  socket.on('chat', (data) => typed.push(data));
  WebSocket.last.open();
  WebSocket.last.receive({ type: 'chat', text: 'hi' });
  WebSocket.last.receive('plain');
  assert.deepEqual(typed, [{ type: 'chat', text: 'hi' }]);
  const messages = log.filter(([name]) => name === 'message').map(([, data]) => data);
  assert.deepEqual(messages, [{ type: 'chat', text: 'hi' }, 'plain']);
});

test('a message cannot pass for an event of the connection', () => {
  const { WebSocket, names } = make();
  WebSocket.last.open();
  WebSocket.last.receive({ type: 'close' });
  assert.deepEqual(names(), ['open', 'message']);
});

test('delays double up to the maximum, and lie between half of it and all of it', async () => {
  for (const [chance, expected] of [[0, [500, 1000, 2000, 2500, 2500]], [0.999999, [1000, 2000, 4000, 5000, 5000]]]) {
    const { time, WebSocket, log } = make({ chance, maxDelay: 5000 });
    for (let round = 0; round < expected.length; round += 1) {
      WebSocket.last.lose();
      await time.pass(expected[round]);
    }
    assert.deepEqual(log.filter(([name]) => name === 'reconnecting').map(([, event]) => event.delay), expected);
  }
});

test('a server that accepts and closes at once is not hammered', async () => {
  const { time, WebSocket, socket, names } = make({ maxRetries: 3 });
  for (let round = 0; round < 3; round += 1) {
    WebSocket.last.open();
    WebSocket.last.lose();
    await time.pass(30_000);
  }
  WebSocket.last.open();
  WebSocket.last.lose();
  assert.equal(WebSocket.made.length, 4);
  assert.equal(names().at(-1), 'maxRetriesReached');
  assert.equal(socket.readyState, 3);
  assert.equal(time.count, 0);
});

test('a message proves a connection, and so do some quiet seconds', async () => {
  const { time, WebSocket, socket } = make();
  WebSocket.last.lose();
  await time.pass(500);
  assert.equal(socket.retryCount, 1);
  WebSocket.last.open();
  WebSocket.last.receive('hello');
  assert.equal(socket.retryCount, 0);
  WebSocket.last.lose();
  await time.pass(500);
  WebSocket.last.open();
  await time.pass(4999);
  assert.equal(socket.retryCount, 1);
  await time.pass(1);
  assert.equal(socket.retryCount, 0);
});

test('an overloaded server that says so is asked ever more slowly', async () => {
  const { time, WebSocket, log } = make();
  for (const delay of [500, 1000, 2000]) {
    WebSocket.last.open();
    WebSocket.last.receive({ type: 'welcome' });
    WebSocket.last.lose(1013);
    await time.pass(delay);
  }
  assert.deepEqual(log.filter(([name]) => name === 'reconnecting').map(([, event]) => event.delay), [500, 1000, 2000]);
});

test('close codes say whether to come back', () => {
  const passing = [1001, 1005, 1006, 1011, 1012, 1013, 4000, 4001, 4499];
  const final = [1000, 1002, 1003, 1007, 1008, 1009, 1010, 4500, 4999];
  for (const code of passing) assert.equal(mayComeBack(code), true, `${code}`);
  for (const code of final) assert.equal(mayComeBack(code), false, `${code}`);
});

test('a final close code ends it, and the close event says so', async () => {
  const { time, WebSocket, socket, log } = make();
  WebSocket.last.open();
  WebSocket.last.lose(4500, 'banned');
  await time.pass(100_000);
  assert.equal(WebSocket.made.length, 1);
  assert.deepEqual(log.at(-1), ['close', { code: 4500, reason: 'banned', wasClean: true, willReconnect: false }]);
  assert.throws(() => socket.send('x'), { code: 'closed' });
  assert.equal(time.count, 0);
});

test('after a notice of shutdown it waits what the server asked for, and up to as much again', async () => {
  const { time, WebSocket, log } = make({ chance: 0.5 });
  WebSocket.last.open();
  WebSocket.last.receive({ type: 'server:shutdown', message: 'restart', reconnectDelay: 8000 });
  WebSocket.last.lose(1012);
  assert.equal(log.at(-1)[1].delay, 12_000);
  await time.pass(12_000);
  assert.equal(WebSocket.made.length, 2);
});

test('close while connecting, while open and while waiting leaves one close event and no timer', async () => {
  for (const stage of ['connecting', 'open', 'waiting']) {
    const { time, WebSocket, socket, log } = make();
    if (stage === 'open') WebSocket.last.open();
    if (stage === 'waiting') WebSocket.last.lose();
    log.length = 0;
    socket.close();
    socket.close();
    if (stage !== 'waiting') WebSocket.last.lose(1000);
    await time.pass(100_000);
    assert.deepEqual(log.map(([name, event]) => [name, event.willReconnect]), [['close', false]], stage);
    assert.equal(time.count, 0, stage);
    assert.equal(WebSocket.made.length, 1, stage);
  }
});

test('a close with a code that is not allowed throws and changes nothing', () => {
  const { WebSocket, socket } = make();
  WebSocket.last.open();
  assert.throws(() => socket.close(1006));
  assert.equal(socket.readyState, 1);
  socket.send('still here');
  assert.deepEqual(WebSocket.last.sent, ['still here']);
});

test('a connection that does not open in time is given up', async () => {
  const { time, WebSocket, names } = make({ connectTimeout: 2000 });
  await time.pass(2000);
  assert.deepEqual(names(), ['close', 'reconnecting']);
  assert.equal(WebSocket.last.readyState, 2);
});

test('it connects at once when the network is back, and tries without one do not count', async () => {
  const network = new EventTarget();
  let online = false;
  const { time, WebSocket, socket } = make({ network, isOnline: () => online, maxRetries: 1 });
  for (let round = 0; round < 5; round += 1) {
    WebSocket.last.lose();
    await time.pass(30_000);
  }
  assert.equal(socket.retryCount, 0);
  WebSocket.last.lose();
  const made = WebSocket.made.length;
  online = true;
  network.dispatchEvent(new Event('online'));
  assert.equal(WebSocket.made.length, made + 1);
  socket.close();
  network.dispatchEvent(new Event('online'));
  assert.equal(WebSocket.made.length, made + 1);
});

test('connect begins again after the last try', async () => {
  const { WebSocket, socket, names } = make({ maxRetries: 0 });
  WebSocket.last.lose();
  assert.equal(names().at(-1), 'maxRetriesReached');
  socket.connect();
  WebSocket.last.open();
  assert.equal(socket.readyState, 1);
});

test('a handler that throws is reported as an error, and the others run', () => {
  const { WebSocket, socket, log } = make();
  const fault = new Error('mine');
  const seen = [];
  socket.on('chat', () => { throw fault; });
  socket.on('chat', () => seen.push('second'));
  WebSocket.last.open();
  WebSocket.last.receive({ type: 'chat' });
  assert.deepEqual(seen, ['second']);
  assert.equal(log.find(([name]) => name === 'error')[1], fault);
});

test('once hears one event, and off hears none', () => {
  const { WebSocket, socket } = make();
  const seen = [];
  const never = () => seen.push('never');
  socket.once('chat', () => seen.push('once'));
  socket.on('chat', never).off('chat', never);
  socket.once('chat', never).off('chat', never);
  WebSocket.last.open();
  WebSocket.last.receive({ type: 'chat' });
  WebSocket.last.receive({ type: 'chat' });
  assert.deepEqual(seen, ['once']);
});
