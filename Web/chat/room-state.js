// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: Hibiki contributors

import { Markers } from './markers.js';
import { sequenceOf } from './message-id.js';
import { withReaction } from './reactions.js';
import { Timeline } from './timeline.js';
import { Typists } from './typing.js';

/** Members of a room up to which the server tells each how much is unread; in a larger one everybody counts. */
const mostCounted = 100;

/**
 * One room as this client knows it. Every stored event of a room has a revision, one more than that of the event
 * before: an event that is known already changes nothing, and one that comes too early tells that some were missed.
 */
export class RoomState {
  timeline = new Timeline();
  /** The thread that is looked at, as `{ id, timeline }`, or null. Its messages stand in the room's history too. */
  thread = null;
  markers = new Markers();
  typists = new Typists();
  members = new Map();
  /** Who is invited or banned, as far as one may know. */
  outsiders = new Map();
  /** The newest revision that was applied, or null before the first is known. */
  revision = null;
  unread = 0;
  unreadMentions = 0;
  /** The sequence up to which one has read. */
  lastRead = 0;
  lastMessage = null;
  isJoined = true;

  #names;

  /** @param names what people are called, in all rooms: not every room has heard it */
  constructor(info, names = new Map()) {
    this.#names = names;
    this.id = info.id;
    this.update(info);
  }

  /** What a list of rooms or an answer says. One that was made before the last event says nothing that events have not changed since. */
  update(info) {
    const { name, kind, role, people, memberCount, lastMessage, revision } = info;
    if (Number.isInteger(revision) && this.revision !== null && revision < this.revision) return this.counted(info);
    this.name = name ?? this.name ?? this.id;
    this.kind = kind ?? this.kind ?? 'group';
    // A room as a whole says by leaving it out that there is none.
    if (info.about !== undefined || kind !== undefined) this.about = info.about ?? '';
    this.createdAt = info.createdAt ?? this.createdAt;
    this.createdBy = info.createdBy ?? this.createdBy;
    /** The two of a direct conversation. */
    this.people = people ?? this.people ?? [];
    this.role = role ?? this.role ?? 'member';
    if (info.muted !== undefined) {
      this.muted = info.muted;
      this.mutedUntil = info.mutedUntil;
    }
    this.memberCount = memberCount ?? this.memberCount ?? 0;
    if (lastMessage && lastMessage.sequence >= (this.lastMessage?.sequence ?? 0)) this.lastMessage = lastMessage;
    this.counted(info);
    if (this.revision === null && Number.isInteger(revision)) this.revision = revision;
  }

  /** The server has counted; the marker of a person is the same on all devices. */
  counted({ unread, unreadMentions, lastRead }) {
    // What one has read since, the server will hear, and count again.
    if (unread !== undefined && (lastRead ?? 0) >= this.lastRead) {
      this.unread = unread;
      this.unreadMentions = unreadMentions ?? 0;
    }
    this.lastRead = Math.max(this.lastRead, lastRead ?? 0);
  }

  /** Members, with the markers that they come with. */
  knows(members) {
    for (const member of members) {
      const { id, name, lastRead, lastDelivered } = member;
      if (name) this.#names.set(id, name);
      this.members.set(id, this.#member(member));
      this.outsiders.delete(id);
      this.markers.read(id, lastRead ?? 0);
      this.markers.delivered(id, lastDelivered ?? 0);
    }
  }

  #member({ id, role, muted, mutedUntil }) {
    const old = this.members.get(id) ?? { role: 'member', muted: false };
    const mute = muted === undefined ? old : { muted, mutedUntil };
    return { id, name: this.nameOf(id), role: role ?? old.role, muted: mute.muted, mutedUntil: mute.mutedUntil };
  }

  /** All of whom the server knows in the room; to those who keep order it shows too who is invited or banned. */
  met(all) {
    this.members.clear();
    this.outsiders.clear();
    this.knows(all.filter(({ standing }) => standing === 'joined'));
    for (const { id, name, standing, bannedUntil } of all) {
      if (name) this.#names.set(id, name);
      if (standing !== 'invited' && standing !== 'banned') continue;
      this.outsiders.set(id, { id, name: this.nameOf(id), standing, bannedUntil });
    }
    this.memberCount = Math.max(this.memberCount, this.members.size);
  }

  nameOf(userId) {
    return this.#names.get(userId) ?? userId;
  }

  /**
   * What a revision means: `next` to be applied, `known` already, or `missed`, for there are others before it. Events
   * that are not stored have none.
   */
  place(revision) {
    if (!Number.isInteger(revision) || this.revision === null) return 'next';
    if (revision <= this.revision) return 'known';
    return revision === this.revision + 1 ? 'next' : 'missed';
  }

  /**
   * @param event `{ name, payload }`, after `place` has said `next`
   * @returns what changed: `timeline`, `pins`, `typing`, `members`, `info`, `receipts`, `gone`, or null
   */
  apply({ name, revision, payload }, { me, now, isFollowing = true }) {
    if (Number.isInteger(revision)) this.revision = Math.max(this.revision ?? 0, revision);
    switch (name) {
      case 'message': return this.#received(payload.message, me, isFollowing);
      case 'messageEdited':
      case 'messageDeleted': return this.#changed(payload);
      case 'reaction': return this.#reacted(payload, me);
      case 'pinned': return this.#pinned(payload);
      case 'readReceipt': return this.#read(payload, me);
      case 'deliveryReceipt':
        return this.markers.delivered(payload.userId, sequenceOf(payload.messageId)) ? 'receipts' : null;
      case 'typing': return this.#typed(payload, me, now);
      case 'stopTyping': return this.typists.ended(payload.userId) ? 'typing' : null;
      case 'userJoined': return this.#joined(payload);
      case 'roleChanged': return this.#judged({ id: payload.userId, role: payload.role }, me);
      case 'muted':
        return this.#judged({ id: payload.userId, muted: payload.muted, mutedUntil: payload.mutedUntil }, me);
      case 'userLeft': return this.#left(payload, me);
      case 'roomInfo':
      case 'roomUpdated':
        this.update({ ...payload.info, revision: undefined, lastRead: undefined });
        return 'info';
      default: return null;
    }
  }

  #received(message, me, isFollowing) {
    if (!message) return null;
    if (message.sequence > (this.lastMessage?.sequence ?? 0)) this.lastMessage = message;
    this.#hear(message);
    this.typists.ended(message.userId);
    this.markers.read(message.userId, message.sequence);
    if (message.userId === me) this.lastRead = Math.max(this.lastRead, message.sequence);
    else if (this.memberCount > mostCounted) this.unread = Math.max(0, message.sequence - this.lastRead);
    // The answer to one's own message and its event both bring it; it is counted once.
    if (!this.timeline.find(message.sequence)) this.#countReply(message);
    this.receive(message, isFollowing);
    return 'timeline';
  }

  /** Puts a message where it belongs, into the history and into the thread that is looked at. */
  receive(message, isFollowing) {
    this.timeline.received(message, isFollowing);
    if (this.thread && message.threadId === this.thread.id) this.thread.timeline.received(message, true);
  }

  /** The version of a message that is held, from whichever list. */
  find(sequence) {
    return this.timeline.find(sequence) ?? this.thread?.timeline.find(sequence) ?? null;
  }

  #change(message) {
    this.timeline.changed(message);
    this.thread?.timeline.changed(message);
  }

  /** The first message of a thread shows how many there are. */
  #countReply({ threadId }) {
    const root = threadId ? this.find(sequenceOf(threadId)) : null;
    if (root) this.#change({ ...root, replies: (root.replies ?? 0) + 1 });
  }

  /** The name of somebody who was not known, or by another one. */
  #hear({ userId, userName }) {
    if (userName && this.members.get(userId)?.name !== userName) this.knows([{ id: userId, name: userName }]);
  }

  #changed({ message, messageId, isHard, deletedAt, deletedBy }) {
    const sequence = message?.sequence ?? sequenceOf(messageId);
    if (isHard) {
      this.timeline.removed(sequence);
      this.thread?.timeline.removed(sequence);
      return 'timeline';
    }
    const old = this.find(sequence);
    const gone = { content: '', attachments: [], reactions: [], pinned: false, deletedAt, deletedBy };
    const next = message ?? (old && { ...old, ...gone });
    if (!next) return null;
    // What others see of it is not in every event: the count of a thread's replies stays.
    this.#change({ replies: old?.replies, ...next });
    if (this.lastMessage?.sequence === sequence) this.lastMessage = { ...this.lastMessage, ...next };
    return 'timeline';
  }

  #reacted(payload, me) {
    const old = this.find(sequenceOf(payload.messageId));
    if (!old) return null;
    this.#change(withReaction(old, payload, me));
    return 'timeline';
  }

  #pinned({ messageId, isOn }) {
    const old = this.find(sequenceOf(messageId));
    if (old) this.#change({ ...old, pinned: isOn });
    return 'pins';
  }

  #read({ userId, messageId }, me) {
    const sequence = sequenceOf(messageId);
    if (userId === me) this.lastRead = Math.max(this.lastRead, sequence);
    return this.markers.read(userId, sequence) ? 'receipts' : null;
  }

  #typed({ userId, userName }, me, now) {
    if (userId === me) return null;
    this.#hear({ userId, userName });
    this.typists.began(userId, now);
    return 'typing';
  }

  #joined({ userId, userName, role }) {
    const isNew = !this.members.has(userId);
    this.knows([{ id: userId, name: userName, role }]);
    if (isNew) this.memberCount += 1;
    return 'members';
  }

  /** Another role, a mute or its end. */
  #judged(member, me) {
    this.knows([member]);
    if (member.id === me) Object.assign(this, member, { id: this.id });
    return 'members';
  }

  #left({ userId }, me) {
    this.typists.ended(userId);
    this.markers.forget(userId);
    if (this.members.delete(userId)) this.memberCount = Math.max(0, this.memberCount - 1);
    if (userId !== me) return 'members';
    this.isJoined = false;
    return 'gone';
  }
}
