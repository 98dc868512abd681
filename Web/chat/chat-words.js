// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: Hibiki contributors

const clock = new Intl.DateTimeFormat(undefined, { hour: '2-digit', minute: '2-digit', hourCycle: 'h23' });
const day = new Intl.DateTimeFormat(undefined, { weekday: 'long', day: 'numeric', month: 'long', year: 'numeric' });
const short = new Intl.DateTimeFormat(undefined, { dateStyle: 'medium', timeStyle: 'short', hourCycle: 'h23' });
const transports = { websocket: 'WebSocket', sse: 'SSE', longpoll: 'long poll', poll: 'short poll' };

export function timeOf(timestamp) {
  return clock.format(timestamp);
}

/** A day and a time in few letters, for lists. */
export function shortly(timestamp) {
  return short.format(timestamp);
}

export function dayOf(timestamp) {
  return day.format(timestamp);
}

export function exactly(timestamp) {
  return new Date(timestamp).toLocaleString();
}

export function count(number, one, many = `${one}s`) {
  return `${number.toLocaleString('en')} ${number === 1 ? one : many}`;
}

export function bytes(number) {
  if (number < 1000) return `${number} B`;
  const [value, unit] = number < 1_000_000 ? [number / 1000, 'kB'] : [number / 1_000_000, 'MB'];
  return `${value < 10 ? value.toFixed(1) : Math.round(value)} ${unit}`;
}

/** How the page hears the server, as `{ state, text }`. */
export function connectionWords(client, unsent) {
  const waiting = unsent > 0 ? `, ${count(unsent, 'message')} waiting` : '';
  const way = transports[client.transport];
  if (client.state === 'connected') return { state: 'open', text: `live over ${way}${waiting}` };
  if (client.state === 'closed') return { state: 'lost', text: 'not connected' };
  return { state: 'closed', text: `connecting${waiting}` };
}

export function lastSeenWords({ status, lastSeen }, now) {
  if (status === 'online') return 'online';
  if (status === 'away') return 'away';
  if (!lastSeen) return 'offline';
  const minutes = Math.max(0, Math.round((now - lastSeen) / 60_000));
  if (minutes < 1) return 'seen just now';
  if (minutes < 60) return `seen ${count(minutes, 'minute')} ago`;
  return minutes < 1440 ? `seen ${count(Math.round(minutes / 60), 'hour')} ago` : `seen on ${dayOf(lastSeen)}`;
}
