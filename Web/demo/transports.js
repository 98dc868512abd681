// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: Hibiki contributors

import { EventStream, LongPoll, ReconnectingWebSocket } from '/client/index.js';
import { query } from './commands.js';

/** Milliseconds between two short polls. */
const interval = 2000;

/** Milliseconds after which a request that has not failed is taken to be waiting at the server. */
const settled = 400;

/**
 * The four ways to listen. Each `open` takes a topic, the position to begin after, and callbacks: `event`, `state` with
 * `open` or `lost`, `gap` with the position after it, and `request` for each request. It answers something to `close`.
 */
export const transports = [
  {
    key: 'websocket',
    name: 'WebSocket',
    how: 'One connection, both ways.',
    listening: 'open, the server pushes',
    open: openWebSocket,
  },
  {
    key: 'sse',
    name: 'Server-Sent Events',
    how: 'One answer that does not end.',
    listening: 'open, the server pushes',
    open: openEventStream,
  },
  {
    key: 'longpoll',
    name: 'Long polling',
    how: 'An answer that waits for an event.',
    listening: 'a request is waiting',
    open: (options) => openPoll({ wait: 25 }, options),
  },
  {
    key: 'poll',
    name: 'Short polling',
    how: `A question every ${interval / 1000} seconds.`,
    listening: 'asks again and again',
    open: (options) => openPoll({ wait: 0, interval }, options),
  },
];

function openWebSocket({ topic, since, event, state, gap, request }) {
  let position = since;
  const socket = new ReconnectingWebSocket(new URL('/ws', location.href.replace(/^http/, 'ws')), {
    maxRetries: Infinity,
    maxDelay: 5000,
    WebSocket: class extends WebSocket {
      constructor(...parameters) {
        request();
        super(...parameters);
      }
    },
  });
  const handlers = {
    reply(message) {
      if (message.gap === true) {
        position = message.position;
        gap(position);
      }
      state('open');
    },
    event(message) {
      position = message.position;
      event(message);
    },
  };
  socket.on('open', () => socket.send({ type: 'subscribe', topic, since: position, id: 1 }));
  socket.on('message', (message) => handlers[message?.type]?.(message));
  socket.on('close', () => state('lost'));
  return socket;
}

function openEventStream({ topic, since, event, state, gap, request }) {
  const stream = new EventStream(`/v1/events?topic=${query(topic)}&envelope=1`, {
    since,
    maxDelay: 5000,
    EventSource: class extends EventSource {
      constructor(...parameters) {
        request();
        super(...parameters);
        // While it says CONNECTING it asks again by itself.
        this.addEventListener('error', () => this.readyState === EventSource.CONNECTING && request());
      }
    },
  });
  stream.on('connected', () => state('open'));
  stream.on('event', event);
  stream.on('gap', () => gap(stream.lastEventId));
  stream.on('error', () => state('lost'));
  return stream;
}

function openPoll(pace, { topic, since, event, state, gap, request }) {
  const poll = new LongPoll('/v1/events', {
    ...pace,
    topics: topic,
    since,
    maxDelay: 5000,
    async fetch(...parameters) {
      request();
      const timer = setTimeout(() => state('open'), settled);
      try {
        return await fetch(...parameters);
      } finally {
        clearTimeout(timer);
      }
    },
  });
  poll.on('open', () => state('open'));
  poll.on('event', event);
  poll.on('gap', ({ lastEventId }) => gap(lastEventId));
  poll.on('error', () => state('lost'));
  return poll;
}
