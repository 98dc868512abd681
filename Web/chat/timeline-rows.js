// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: Hibiki contributors

import { sequenceOf } from './message-id.js';

/** Milliseconds within which messages of one person stand under one name. */
const together = 5 * 60_000;

/**
 * What a room shows, top to bottom: days, the line over what is unread, the messages, and one's own that are on their
 * way. Pure: the same room gives the same rows.
 *
 * @param divider the sequence after which the line of what is unread stands, or null for none
 */
export function rowsOf(room, { me, timeline = room.timeline, pending = [], divider = null, dayOf }) {
  const rows = [];
  let before = null;
  // Where the last message that was read is not held, the line would stand in a wrong place.
  let isDivided = divider === null || (!timeline.foundOldest && !(timeline.first <= divider));
  for (const message of timeline.messages) {
    before = pushDay(rows, message.timestamp, before, dayOf);
    if (!isDivided && message.sequence > divider) {
      isDivided = true;
      if (message.userId !== me) rows.push({ kind: 'unread', key: 'unread' });
    }
    const isJoined = rows.at(-1)?.kind === 'message' && belongs(before?.message, message);
    rows.push(messageRow(room, message, me, isJoined));
    before = { day: before.day, message };
  }
  for (const entry of timeline.foundNewest ? pending : []) {
    before = pushDay(rows, entry.createdAt, before, dayOf);
    const message = { ...entry, userId: me, timestamp: entry.createdAt };
    const isJoined = rows.at(-1)?.kind === 'message' && belongs(before?.message, message);
    rows.push(pendingRow(message, isJoined));
    before = { day: before.day, message };
  }
  return withoutRepeats(rows);
}

/** Of several messages in a row that became the same, the last says it for all. */
function withoutRepeats(rows) {
  let said = null;
  for (const row of [...rows].reverse()) {
    if (row.kind !== 'message' || row.state === null) continue;
    const words = `${row.state} ${row.readers}`;
    row.isTold = words !== said || row.state === 'refused';
    said = words;
  }
  return rows;
}

function pushDay(rows, timestamp, before, dayOf) {
  const day = dayOf(timestamp);
  if (before?.day === day) return before;
  rows.push({ kind: 'day', key: `day ${day}`, day });
  return { day, message: null };
}

function belongs(before, message) {
  return before !== null && before !== undefined && before.userId === message.userId && before.type !== 'system'
    && message.type !== 'system' && message.timestamp - before.timestamp < together;
}

function messageRow(room, message, me, isJoined) {
  const isMine = message.userId === me;
  const { state, readers } = isMine && !message.deletedAt
    ? room.markers.stateOf(message.sequence, me) : { state: null, readers: [] };
  return {
    kind: 'message', key: keyOf(message, isMine), id: message.id, message, isMine, isJoined, state,
    author: message.userName ?? room.nameOf(message.userId),
    readers: readers.map((id) => room.nameOf(id)),
    mentionsMe: !isMine && message.mentions?.some((one) => one === me || one === '@all') === true,
  };
}

/** The same key as that of the stored message, so that one element becomes the other. */
function pendingRow(message, isJoined) {
  return {
    kind: 'message', key: keyOf(message, true), id: null, message, isMine: true, isJoined, state: message.state,
    author: null, readers: [], mentionsMe: false,
  };
}

function keyOf({ id, clientId }, isMine) {
  return isMine && clientId ? `client ${clientId}` : id;
}

/** Words for what became of one's own message. */
export function stateWords({ state, readers }, kind) {
  switch (state) {
    case 'waiting': return 'Waiting for the network';
    case 'sending': return 'Sending';
    case 'refused': return 'Not sent';
    case 'sent': return 'Sent';
    case 'delivered': return 'Delivered';
    case 'read': return kind === 'direct' ? 'Read' : `Read by ${someOf(readers)}`;
    default: return '';
  }
}

function someOf(names) {
  if (names.length <= 2) return names.join(' and ');
  return `${names[0]}, ${names[1]} and ${names.length - 2} more`;
}

/** The sequence that a row of the timeline is seen with; 0 for one that has none yet. */
export function sequenceOfRow(row) {
  return row.kind === 'message' && row.id ? sequenceOf(row.id) : 0;
}
