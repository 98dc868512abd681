// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: Hibiki contributors

// Against a running server on which the users of HIBIKI_TOKENS, a short-lived one and another of the same user, may do
// everything below HIBIKI_TOPIC, and nobody else may.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { HibikiClient } from '../client/index.js';
import { FetchEventSource } from '../testing/fetch-event-source.js';
import { until } from '../testing/fake-time.js';

const { HIBIKI_URL: url, HIBIKI_TOPIC: below, HIBIKI_TOKENS: given } = process.env;
const skip = url && below && given ? false : 'no server is named';
const tokens = (given ?? '').split(' ');
const EventSource = globalThis.EventSource ?? FetchEventSource;
const options = { EventSource, network: null, interval: 50, baseDelay: 100, upgradeDelay: 600_000 };
const hasSocket = Boolean(globalThis.WebSocket);

function follow(name) {
  const client = new HibikiClient(url, { ...options, transports: [name], token: () => follower.left.shift() ?? tokens[1] });
  const follower = { client, left: tokens.slice(0, 1), seen: [], errors: [], topic: `${below}/${name}` };
  client.on('error', (error) => follower.errors.push(error));
  follower.subscription = client.subscribe(follower.topic, (event) => follower.seen.push(event.payload));
  return follower;
}

test('on every transport a client goes on when its token has run out', { skip }, async () => {
  const followers = [...(hasSocket ? ['websocket'] : []), 'sse', 'longpoll', 'poll'].map(follow);
  const ends = JSON.parse(Buffer.from(tokens[0].split('.')[1], 'base64url')).exp * 1000;
  const sent = [];
  try {
    await until(() => followers.every(({ subscription }) => subscription.position !== null), 'subscribed');
    // Long enough for the server to end what still goes on with the old token.
    while (Date.now() < ends + 1500) {
      sent.push(sent.length);
      await Promise.all(followers.map(({ client, topic }) => client.publish(topic, 'count', sent.length - 1)));
      await new Promise((resolve) => setTimeout(resolve, 50));
    }
    await until(() => followers.every(({ seen }) => seen.length >= sent.length), 'all received');
    for (const { client, seen, errors, left } of followers) {
      assert.deepEqual([seen, left, client.state], [sent, [], 'connected']);
      assert.deepEqual(errors.filter(({ retry }) => !retry).map(String), []);
    }
  } finally {
    for (const { client } of followers) client.close();
  }
});

test('without a token nothing of it is to be had', { skip }, async () => {
  const client = new HibikiClient(url, { ...options, transports: ['longpoll'] });
  const errors = [];
  client.on('error', (error) => errors.push(error));
  client.subscribe(`${below}/closed`, () => {});
  await until(() => errors.length > 0);
  client.close();
  assert.equal(errors[0].topic, `${below}/closed`);
});
