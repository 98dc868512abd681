// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: Hibiki contributors

import { RoomState } from './room-state.js';
import { typingWords } from './typing.js';

/**
 * All that the chat knows: who one is, the rooms, and who is online. Takes what the server says and gives what the page
 * shows; it has no clock, no network and no document.
 */
export class ChatState {
  rooms = new Map();
  presence = new Map();
  /** Rooms that one was invited to, and has not joined. */
  invitations = new Map();
  openId = null;
  #names = new Map();

  constructor(me) {
    this.me = me;
  }

  get open() {
    return this.rooms.get(this.openId) ?? null;
  }

  /** The list of one's rooms. Those that are not in it one has left. @returns the ids of those that are gone. */
  listed(infos) {
    const joined = infos.filter(({ standing }) => standing !== 'invited');
    const ids = new Set(joined.map((info) => info.id));
    const gone = [...this.rooms.keys()].filter((id) => !ids.has(id));
    for (const id of gone) this.rooms.delete(id);
    for (const info of joined) this.put(info);
    this.invitations.clear();
    for (const { id, name, standing } of infos) if (standing === 'invited') this.#invited({ roomId: id, name });
    return gone;
  }

  put(info) {
    const room = this.rooms.get(info.id);
    if (room) room.update(info);
    else this.rooms.set(info.id, new RoomState(info, this.#names));
    const known = this.rooms.get(info.id);
    known.isJoined = true;
    return known;
  }

  /** All members of a room, some of whom come with their presence. */
  met(room, members) {
    room.met(members);
    for (const { id, status, lastSeen } of members) if (status) this.presence.set(id, { status, lastSeen });
  }

  /**
   * What the topic of a person says.
   * @returns what changed: `presence`, `rooms`, `invitation`, `gone` (the room), `unknown` (a room that is not
   * known), null
   */
  applyOwn({ name, payload }) {
    const room = this.rooms.get(payload.roomId);
    switch (name) {
      case 'invitation':
        this.#invited(payload);
        return 'invitation';
      case 'roomJoined':
        this.invitations.delete(payload.id);
        return this.rooms.has(payload.id) ? null : 'unknown';
      case 'roomLeft':
        if (this.invitations.delete(payload.roomId)) return 'invitation';
        return room ? 'gone' : null;
      case 'presence':
        this.presence.set(payload.userId, { status: payload.status, lastSeen: payload.lastSeen });
        return 'presence';
      case 'unread':
        room?.counted(payload);
        return room ? 'rooms' : 'unknown';
      default:
        return room || !payload.roomId ? null : 'unknown';
    }
  }

  #invited({ roomId, name = roomId, by }) {
    this.invitations.set(roomId, { id: roomId, name, by });
  }

  statusOf(userId) {
    return this.presence.get(userId)?.status ?? 'offline';
  }

  /** A direct conversation has the name and the presence of the other. */
  partnerOf(room) {
    const id = room.kind === 'direct' ? room.people.find((one) => one !== this.me.id) : undefined;
    return id === undefined ? null : room.members.get(id) ?? { id, name: room.nameOf(id) };
  }

  titleOf(room) {
    return this.partnerOf(room)?.name ?? room.name;
  }

  /** The rooms as a list shows them: what was said last stands first. */
  roomRows() {
    const rows = [...this.rooms.values()].filter((room) => room.isJoined).map((room) => this.#roomRow(room));
    return rows.sort((a, b) => b.at - a.at || a.title.localeCompare(b.title));
  }

  #roomRow(room) {
    const partner = this.partnerOf(room);
    const last = room.lastMessage;
    return {
      id: room.id, kind: room.kind, partnerId: partner?.id ?? null, title: this.titleOf(room), isOpen: room.id === this.openId,
      at: last?.timestamp ?? 0,
      unread: room.unread, mentions: room.unreadMentions, status: partner ? this.statusOf(partner.id) : null,
      preview: typingWords(room.typists.ids.map((id) => room.nameOf(id))) || previewOf(last, this.me.id, room),
    };
  }

  get totalUnread() {
    return [...this.rooms.values()].reduce((sum, room) => sum + (room.isJoined ? room.unread : 0), 0);
  }

  /** Whom a message in the open room may name: the others, and all of them. */
  peopleToMention() {
    const members = [...(this.open?.members.values() ?? [])].filter(({ id }) => id !== this.me.id);
    return this.open?.kind === 'direct' ? members : [...members, { id: 'all', name: 'all' }];
  }

  /** Everybody that shares a room with one. */
  people() {
    const all = new Map();
    for (const room of this.rooms.values()) for (const member of room.members.values()) all.set(member.id, member);
    all.delete(this.me.id);
    return [...all.values()];
  }
}

function previewOf(message, me, room) {
  if (!message) return 'Nothing said yet';
  const who = message.userId === me ? 'You' : message.userName ?? room.nameOf(message.userId);
  return message.type === 'system' ? message.content : `${who}: ${briefly(message)}`;
}

/** A message in some words: for a list, a quote, or to be read aloud. */
export function briefly({ content = '', attachments = [], deletedAt }) {
  if (deletedAt) return 'deleted';
  const text = withoutSigns(content).replace(/\s+/g, ' ').trim();
  if (text !== '') return text.length > 120 ? `${text.slice(0, 119)}…` : text;
  return attachments.map(({ name }) => name).join(', ');
}

/** What is strong, struck or code is so in the message, and plain where it is only named. */
function withoutSigns(content) {
  return content.replace(/```(?:[\w+-]*\n)?/g, ' ').replace(/(\*\*|~~)([^*~\n]+)\1/g, '$2');
}
