// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: Hibiki contributors

import { messageId, sequenceOf } from './message-id.js';

/** What the server sends, under the names that this page uses. What is not understood is left out, never guessed. */

export function roomFrom(json) {
  const { members, membership } = json;
  return {
    id: json.id ?? json.roomId,
    name: json.name,
    kind: json.kind,
    about: json.about,
    people: json.people,
    revision: json.revision,
    sequence: json.sequence,
    memberCount: Number.isInteger(members) ? members : json.memberCount,
    createdAt: json.createdAt,
    createdBy: json.createdBy,
    role: membership?.role ?? json.role,
    standing: membership?.standing,
    // Of oneself: only an answer that brings the membership says whether one is muted.
    muted: membership && membership.muted === true,
    mutedUntil: membership?.mutedUntil,
    unread: json.unread,
    unreadMentions: json.unreadMentions,
    lastRead: markOf(json.lastRead ?? membership?.lastRead),
    lastMessage: json.lastMessage ?? null,
  };
}

export function memberFrom(json) {
  return {
    id: json.userId ?? json.id,
    name: json.userName ?? json.name,
    role: json.role,
    standing: json.standing ?? 'joined',
    muted: json.muted === true,
    mutedUntil: json.mutedUntil,
    bannedUntil: json.bannedUntil,
    status: json.status ?? json.presence?.status,
    lastSeen: json.lastSeen ?? json.presence?.lastSeen,
    lastRead: markOf(json.lastRead),
    lastDelivered: markOf(json.lastDelivered),
  };
}

export function pageFrom(json) {
  return {
    messages: json.messages ?? [],
    foundOldest: json.foundOldest === true,
    foundNewest: json.foundNewest === true,
    foundAnchor: json.foundAnchor === true,
  };
}

/**
 * An event of a topic, or one of the answer to `events`, where its revision stands beside the payload: what it tells of
 * may have changed again since, and then has a later one.
 */
export function eventFrom({ event, payload, revision }) {
  const given = payload !== null && typeof payload === 'object' ? payload : {};
  return { name: event, revision: revision ?? given.revision, payload: { ...given, ...detailsOf(event, given) } };
}

function detailsOf(name, payload) {
  switch (name) {
    case 'message':
    case 'messageEdited': return { message: messageOf(payload) };
    case 'messageDeleted': return deletion(payload);
    case 'reaction': return { messageId: idOf(payload), isOn: payload.action !== 'remove' };
    case 'pinned': return { messageId: idOf(payload), isOn: payload.pinned !== false };
    case 'readReceipt':
    case 'deliveryReceipt': return { messageId: idOf(payload) };
    case 'muted': return { mutedUntil: payload.until };
    case 'unread': return { lastRead: markOf(payload.lastRead) };
    case 'roomInfo': return { info: { memberCount: payload.members } };
    case 'roomUpdated': return { info: roomFrom(payload.info ?? {}) };
    default: return {};
  }
}

function messageOf(payload) {
  if (payload.message) return payload.message;
  return Number.isInteger(payload.sequence) ? payload : null;
}

function deletion(payload) {
  return { messageId: idOf(payload), isHard: payload.hard === true, deletedAt: payload.timestamp };
}

function idOf(payload) {
  return payload.messageId ?? payload.id ?? messageId(payload.roomId, payload.sequence ?? 0);
}

/** A marker is a message's id or its sequence. */
function markOf(value) {
  return Number.isInteger(value) ? value : sequenceOf(value);
}
