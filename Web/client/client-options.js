// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: Hibiki contributors

import { TokenSource } from './token-source.js';

const allTransports = ['websocket', 'sse', 'longpoll', 'poll'];
const allProtocols = ['json', 'protobuf'];
const defaults = {
  openTimeout: 5000, maxFailures: 2, upgradeDelay: 30_000, baseDelay: 1000, maxDelay: 30_000, heartbeat: 25_000,
  requestTimeout: 10_000, wait: 25, interval: 3000, maxQueue: 1000, protocol: 'json',
};

export function withDefaults(options) {
  const filled = { ...defaults };
  for (const [name, value] of Object.entries(options)) {
    if (value !== undefined) filled[name] = value;
  }
  if (!allProtocols.includes(filled.protocol)) throw new TypeError(`there is no protocol '${filled.protocol}'`);
  filled.token = TokenSource.from(filled.token);
  return filled;
}

export function checkTransports(names = allTransports) {
  for (const name of names) {
    if (!allTransports.includes(name)) throw new TypeError(`there is no transport '${name}'`);
  }
  if (names.length === 0) throw new TypeError('no transport is named');
  return [...names];
}

export function checkTopic(topic) {
  if (typeof topic !== 'string' || topic === '') throw new TypeError('a topic is a string that is not empty');
  // Throws for half a surrogate pair, which no request could carry.
  encodeURIComponent(topic);
}

export function checkHandler(handler) {
  if (typeof handler !== 'function') throw new TypeError('the handler of a subscription is not a function');
}
