// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: Hibiki contributors

import { clockFrom } from '../client/clock.js';
import { Emitter } from '../client/emitter.js';
import { Alarm } from './alarm.js';
import { AwayTeller } from './away-teller.js';
import { ChatCommands } from './chat-commands.js';
import { ChatState } from './chat-state.js';
import { FileLinks } from './file-links.js';
import { HistoryLoader } from './history-loader.js';
import { MarkerSender } from './marker-sender.js';
import { Memberships } from './memberships.js';
import { MessageSender } from './message-sender.js';
import { OrderCommands } from './order-commands.js';
import { RoomFeed } from './room-feed.js';
import { Threads } from './threads.js';
import { rowsOf } from './timeline-rows.js';
import { TypingTeller } from './typing-teller.js';

/**
 * One person's chat: joins what is pure (ChatState) to the server, the storage and the time.
 *
 * It emits `change` with what changed (`rooms`, `timeline`, `typing`, `members`, `presence`, `connection`, `opened`),
 * `arrived` with a message of somebody else, `problem` with words and an error, `left` with a room that one is no
 * longer in and why, and `ended` when the server wants another login.
 */
export class ChatSession extends Emitter {
  #clock;
  #alarm;
  #loader;
  #feed;
  #sender;
  #typing;
  #read;
  #delivered;
  #away;
  #dayOf;
  /** Where the line over what is unread stands in the open room. */
  #divider = null;
  isFollowing = true;

  /** @param parts `{ me: { id, name }, client, api, storage, dayOf, clock, awayLimits }` */
  constructor({ me, client, api, storage, dayOf, clock, awayLimits }) {
    super();
    this.#clock = clockFrom(clock);
    this.#dayOf = dayOf;
    this.api = api;
    this.commands = new ChatCommands(api, (work) => this.#trying(work));
    this.order = new OrderCommands(api.order, (work) => this.#trying(work), (room) => this.memberships.meet(room));
    this.links = new FileLinks((id, kind) => api.fileLink(id, kind), this.#clock.now);
    this.client = client;
    this.state = new ChatState(me);
    this.#loader = new HistoryLoader(api);
    this.#feed = new RoomFeed(client, api, this.#feedOwner());
    this.memberships = new Memberships({ state: this.state, api, feed: this.#feed }, this.#membershipsOwner());
    this.threads = new Threads(this.state, api);
    this.#sender = new MessageSender({
      api, storage, userId: me.id, clock: this.#clock,
      stored: (message) => this.#stored(message),
      changed: (roomId) => this.#pendingChanged(roomId),
      refused: (error) => this.#failed(error),
    });
    this.#typing = new TypingTeller((roomId, isTyping) => api.typing(roomId, isTyping));
    this.#alarm = new Alarm(this.#clock, () => this.#deadlines(), (now) => this.#tick(now));
    this.#read = new MarkerSender(this.#clock, (roomId, id) => api.markRead(roomId, id));
    this.#delivered = new MarkerSender(this.#clock, (roomId, id) => api.markDelivered(roomId, id));
    this.#away = new AwayTeller(awayLimits, this.#clock.now(), (isAway) => this.#tellAway(isAway));
    api.onAnswer = () => this.#away.asked(this.#clock.now());
    client.on('state', () => this.#connectionChanged());
    client.on('transport', () => this.emit('change', 'connection'));
    client.on('error', (error) => this.#clientFailed(error));
  }

  async start() {
    this.#feed.start(this.state.me.id);
    await this.memberships.list();
    this.#sender.pump();
    this.#alarm.plan();
    this.memberships.whenSettled(() => this.#catchUp());
  }

  close() {
    this.#alarm.stop();
    this.#read.stop();
    this.#delivered.stop();
    this.#sender.stop();
    this.client.close();
    this.off();
  }

  // What is shown

  rows() {
    const room = this.state.open;
    if (!room) return [];
    return rowsOf(room, {
      me: this.state.me.id, pending: this.#sender.inRoom(room.id), divider: this.#divider, dayOf: this.#dayOf,
    });
  }

  get unsent() {
    return this.#sender.size;
  }

  // Rooms

  async open(roomId, anchor) {
    this.leaveField();
    this.state.openId = roomId;
    const { open: room } = this.state;
    if (!room) return;
    this.#divider = room.unread > 0 ? room.lastRead : null;
    this.emit('change', 'opened');
    await this.#trying(async () => {
      const isThere = room.timeline.isLoaded && anchor === undefined && room.timeline.foundNewest && room.unread === 0;
      await Promise.all([
        room.members.size === 0 ? this.memberships.meet(room) : null,
        isThere ? null : this.#loader.jump(room, anchor ?? (room.unread > 0 ? 'firstUnread' : 'newest')),
      ]);
    });
    this.emit('change', 'opened');
  }

  // History

  jump(anchor) {
    const room = this.state.open;
    return this.#trying(async () => {
      const isThere = Number.isInteger(anchor) && room.timeline.find(anchor) !== null;
      if (!isThere) await this.#loader.jump(room, anchor);
      this.emit('change', 'timeline');
      return true;
    });
  }

  older() {
    return this.#extend((room) => this.#loader.older(room));
  }

  newer() {
    return this.#extend((room) => this.#loader.newer(room));
  }

  // Messages

  /** @param draft `{ content, replyTo, threadId, mentions, attachments, type }` */
  send(draft) {
    this.leaveField();
    this.#divider = null;
    const clientId = this.#sender.add({ roomId: this.state.openId, ...draft });
    if (!this.state.open.timeline.foundNewest) this.jump('newest');
    this.#alarm.plan();
    return clientId;
  }

  retry(clientId) {
    this.#sender.retry(clientId);
  }

  discard(clientId) {
    this.#sender.discard(clientId);
  }

  // Threads

  openThread(id) {
    return this.#trying(() => this.threads.open(id));
  }

  threadRows() {
    const room = this.state.open;
    if (!room?.thread) return [];
    const pending = this.#sender.inRoom(room.id).filter(({ threadId }) => threadId === room.thread.id);
    return rowsOf(room, { me: this.state.me.id, timeline: room.thread.timeline, pending, dayOf: this.#dayOf });
  }

  // What one does

  typed() {
    this.#typing.typed(this.state.openId, this.#clock.now());
    this.#alarm.plan();
  }

  leaveField() {
    this.#typing.stop();
  }

  /** A message of the open room was in sight. */
  seen(sequence) {
    const room = this.state.open;
    if (!room || sequence <= room.lastRead) return;
    if (!this.#read.reached(room.id, sequence)) return;
    room.lastRead = sequence;
    const isAll = sequence >= (room.lastMessage?.sequence ?? 0);
    if (isAll) room.counted({ unread: 0, unreadMentions: 0, lastRead: sequence });
    this.emit('change', 'rooms');
  }

  /** Somebody does something with the page. */
  touched() {
    this.#away.touched(this.#clock.now());
    this.#alarm.plan();
  }

  /** The page is in sight, or hidden. */
  shown(isShown) {
    this.#away.shown(isShown, this.#clock.now());
    this.#alarm.plan();
  }

  get isAway() {
    return this.#away.isAway;
  }

  /** The network is said to be back. */
  hurry() {
    this.#sender.hurry();
    this.#read.hurry();
    this.#delivered.hurry();
    this.#alarm.plan();
  }

  // Inside

  #feedOwner() {
    return {
      room: (id) => this.state.rooms.get(id) ?? null,
      apply: (room, event) => this.#apply(room, event),
      own: (event) => this.#applyOwn(event),
      reload: (room) => this.#reload(room),
      relist: () => this.#trying(() => this.memberships.list()),
    };
  }

  #membershipsOwner() {
    return {
      clock: this.#clock,
      isOver: () => this.client.state === 'closed',
      trying: (work) => this.#trying(work),
      emit: (...what) => this.emit(...what),
      open: (roomId, anchor) => this.open(roomId, anchor),
      listed: (room) => {
        if (room.unread > 0) this.#delivered.reached(room.id, room.lastMessage?.sequence ?? 0);
      },
    };
  }

  #catchUp() {
    return this.#trying(async () => {
      await this.memberships.list();
      if (this.state.open) await this.#feed.catchUp(this.state.open);
    });
  }

  /** Connections and single requests are devices of their own. An event stream can say nothing. */
  #tellAway(isAway) {
    const status = isAway ? 'away' : 'online';
    this.emit('change', 'away');
    const overSocket = this.client.transport === 'websocket' ? this.client.chat('presence', { status }) : null;
    return Promise.all([overSocket, this.api.presence(status)]);
  }

  #apply(room, event) {
    const { me } = this.state;
    // Told to the members of a public room on its topic, as to others on their own.
    if (event.name === 'presence') return this.#applyOwn(event);
    const isOpen = room.id === this.state.openId;
    const changed = room.apply(event, { me: me.id, now: this.#clock.now(), isFollowing: !isOpen || this.isFollowing });
    if (event.name === 'message') this.#arrived(room, event.payload.message);
    if (event.name === 'userJoined') this.#joinedBy(event.payload);
    if (changed === 'gone') return this.memberships.forget(room.id, event.payload.reason);
    if (changed) this.emit('change', changed, room.id);
    this.#alarm.plan();
    return undefined;
  }

  /** Who comes by himself is there; of whom others have added, nothing is known. */
  #joinedBy({ userId, by }) {
    if (!by && this.state.statusOf(userId) === 'offline') this.state.presence.set(userId, { status: 'online' });
  }

  #arrived(room, message) {
    if (!message) return;
    if (message.userId === this.state.me.id) {
      if (message.clientId) this.#sender.confirmed(message.clientId);
      return;
    }
    this.#delivered.reached(room.id, message.sequence);
    this.emit('arrived', message, room);
  }

  #applyOwn(event) {
    const changed = this.state.applyOwn(event);
    if (changed === 'unknown') this.#trying(() => this.memberships.list());
    else if (changed === 'gone') this.memberships.forget(event.payload.roomId, event.payload.reason);
    else if (changed) this.emit('change', changed);
  }

  async #reload(room) {
    room.timeline.clear();
    room.revision = null;
    await this.memberships.list();
    if (room.id === this.state.openId) await this.#loader.jump(room, 'newest');
    this.emit('change', 'timeline');
  }

  #stored(message) {
    const room = this.state.rooms.get(message.roomId);
    if (!room) return;
    room.receive(message, true);
    if (message.sequence > (room.lastMessage?.sequence ?? 0)) room.lastMessage = message;
    room.lastRead = Math.max(room.lastRead, message.sequence);
  }

  #pendingChanged(roomId) {
    if (roomId === this.state.openId) this.emit('change', 'timeline', roomId);
    this.emit('change', 'rooms');
    this.#alarm.plan();
  }

  async #extend(work) {
    const room = this.state.open;
    if (!room) return false;
    const isChanged = await this.#trying(() => work(room));
    if (isChanged && room.id === this.state.openId) this.emit('change', 'timeline', room.id);
    return isChanged === true;
  }

  #connectionChanged() {
    if (this.client.state === 'connected') {
      this.hurry();
      this.#away.connected(this.#clock.now());
    }
    this.emit('change', 'connection');
  }

  /** The client tries again by itself, but for what the server will not have. */
  #clientFailed(error) {
    if (error.status === 401 || error.code === 'token_expired') this.emit('ended', error);
  }

  async #trying(work) {
    try {
      return await work();
    } catch (error) {
      this.#failed(error);
      return undefined;
    }
  }

  #failed(error) {
    if (error.status === 401) this.emit('ended', error);
    else if (error.code !== 'closed') this.emit('problem', error.message, error);
  }

  /** What time alone does. */
  #tick(now) {
    this.#typing.tick(now);
    this.#away.tick(now);
    for (const room of this.state.rooms.values()) if (room.typists.tick(now)) this.emit('change', 'typing', room.id);
    this.#sender.pump();
  }

  #deadlines() {
    return [this.#sender, this.#typing, this.#away, ...[...this.state.rooms.values()].map((room) => room.typists)]
      .map(({ deadline }) => deadline);
  }
}
