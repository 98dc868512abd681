// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: Hibiki contributors

import { entries, series } from './samples.js';

/** The limits of the server: where each is counted, what it means, and the setting that moves it. */
export const limits = [
  {
    family: 'hibiki_refusals_total', label: 'max-connections', title: 'Connections in all', setting: 'max-connections',
    meaning: 'The server holds as many connections as it may. Others were answered with 503 and asked to come back.',
  },
  {
    family: 'hibiki_refusals_total', label: 'max-connections-per-address', title: 'Connections of one address',
    setting: 'max-connections-per-address',
    meaning: 'One address holds as many as it may: somebody opens too many, or a proxy is not in trusted-proxy.',
  },
  {
    family: 'hibiki_refusals_total', label: 'head', title: 'Size of a request’s head', setting: 'max-head, max-fields',
    meaning: 'A request had too long a head or too many fields, and was answered with 431.',
  },
  {
    family: 'hibiki_refusals_total', label: 'body', title: 'Size of a body', setting: 'max-body',
    meaning: 'The body of a request was too large, and was answered with 413.',
  },
  {
    family: 'hibiki_refusals_total', label: 'time', title: 'Time for a request', setting: 'head-timeout',
    meaning: 'A request did not become complete in time: a very slow network, or somebody who holds connections open.',
  },
  {
    family: 'hibiki_dropped_messages_total', label: 'drop', title: 'Events dropped for slow readers', setting: 'slow-reader',
    meaning: 'Readers of topics with the policy drop did not keep up, and did not get these events.',
  },
  {
    family: 'hibiki_dropped_messages_total', label: 'latest', title: 'Events replaced by newer ones', setting: 'slow-reader',
    meaning: 'Readers of topics with the policy latest did not keep up; they get the newest as soon as there is room.',
  },
  {
    family: 'hibiki_dropped_messages_total', label: 'signal', title: 'Signals dropped for slow readers', setting: 'max-queue',
    meaning: 'Direct messages, broadcasts or presence did not find room in a reader’s queue.',
  },
  {
    family: 'hibiki_slow_streams_closed_total', label: '', title: 'Event streams closed as too slow', setting: 'max-queue',
    meaning: 'Readers of event streams did not keep up. They come back by themselves and read on where they stopped.',
  },
  {
    family: 'hibiki_websocket_closes_total', label: '1009', title: 'Messages that were too large', setting: 'max-message',
    meaning: 'A WebSocket was closed with 1009, because a message was larger than it may be.',
  },
  {
    family: 'hibiki_websocket_closes_total', label: '1013', title: 'WebSockets without room', setting: 'max-connections',
    meaning: 'A WebSocket was closed with 1013, because the server had no room for it.',
  },
];

/** Budgets, which are named as their settings are. */
const budgets = {
  'messages-per-principal': 'Messages of one principal', 'messages-per-connection': 'Messages on one connection',
  'messages-per-address': 'Messages from one address', 'bytes-per-principal': 'Bytes of one principal',
  'bytes-per-connection': 'Bytes on one connection', 'bytes-per-address': 'Bytes from one address',
  'joins-per-principal': 'Joins of one principal', 'joins-per-connection': 'Joins on one connection',
  'joins-per-address': 'Joins from one address', 'connects-per-principal': 'New connections of one principal',
  'connects-per-address': 'New connections from one address', connects: 'New connections',
  'failed-tokens-per-address': 'Tokens that are no good, from one address',
  'refusals-per-connection': 'Connections closed for going on after refusals',
};
const spent = 'A budget was spent. Whoever spent it was told when to come back, and others were served.';

const known = new Set(limits.map(({ family, label }) => `${family} ${label}`));
const open = ['hibiki_refusals_total', 'hibiki_dropped_messages_total'];

/** What the server counts beside: its budgets, and limits that are younger than this page. */
export function others(samples) {
  return open.flatMap((family) => entries(samples.last, family)
    .filter(([label]) => !known.has(`${family} ${label}`))
    .map(([label]) => ({
      family, label, title: budgets[label] ?? label, setting: label in budgets ? label : '',
      meaning: label in budgets ? spent : 'See /metrics.',
    })));
}

/** How often a limit was met since the start, and in the last five minutes. */
export function hits(samples, { family, label }) {
  const read = series(family, label);
  return { total: samples.last ? read(samples.last) : 0, recent: samples.growth(read) };
}
