// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: Hibiki contributors

import { SmallServer } from './small-server.js';

/** A chat in memory behind the REST of the real one, with its events on the topics of SmallServer. */
export class ChatServer {
  hub = new SmallServer();
  /** Loses the answers to this many sent messages, after they were stored. */
  answersToLose = 0;
  /** Messages that are stored and answered with `outcome_unknown`. */
  outcomesToForget = 0;
  commands = [];
  #rooms = new Map();
  #people = new Map();
  now = Date.UTC(2026, 10, 21, 12);

  async start() {
    this.hub.others = (request, response, url) => this.#answer(request, response, url);
    await this.hub.start();
    this.url = this.hub.url;
    return this;
  }

  stop() {
    return this.hub.stop();
  }

  person(id, name = id) {
    this.#people.set(`token-${id}`, { id, name });
    return `token-${id}`;
  }

  room(id) {
    return this.#rooms.get(id);
  }

  /** Does a command as somebody, without the network. */
  do(userId, method, where, body = {}) {
    const url = new URL(`/v1/${where}`, 'http://host');
    const person = [...this.#people.values()].find(({ id }) => id === userId);
    return this.#route(person, method, url, body);
  }

  async #answer(request, response, url) {
    const isOurs = /^\/v1\/(guests|rooms|search)/.test(url.pathname);
    if (!isOurs) return false;
    let text = '';
    for await (const chunk of request) text += chunk;
    const person = this.#people.get(/^Bearer (.+)$/.exec(request.headers.authorization ?? '')?.[1]);
    const isSend = request.method === 'POST' && url.pathname.endsWith('/messages');
    this.commands.push(`${request.method} ${url.pathname.slice(4)}${url.search}`);
    try {
      const answer = this.#route(person, request.method, url, text === '' ? {} : JSON.parse(text));
      if (isSend && this.outcomesToForget > 0) {
        this.outcomesToForget -= 1;
        throw refusal(500, 'outcome_unknown', 'nobody knows whether this was stored');
      } else if (isSend && this.answersToLose > 0) {
        this.answersToLose -= 1;
        request.destroy();
      } else {
        response.writeHead(200, { 'content-type': 'application/json' }).end(JSON.stringify(answer));
      }
    } catch (error) {
      const code = error.code ?? 'internal';
      const body = { error: { code, message: error.message, retry: false } };
      response.writeHead(error.status ?? 500, { 'content-type': 'application/json' }).end(JSON.stringify(body));
    }
    return true;
  }

  #route(person, method, url, body) {
    const [, what, roomId, ...rest] = url.pathname.slice(1).split('/').map(decodeURIComponent);
    if (what === 'guests') return this.#guest(body);
    if (!person) throw refusal(401, 'token_expired', 'who are you?');
    if (what === 'search') return this.#search(person, url.searchParams.get('q'));
    if (roomId === undefined) return method === 'POST' ? this.#create(person, body) : this.#list(person, url);
    const room = this.#rooms.get(roomId);
    if (!room) throw refusal(404, 'not_found', 'there is no such room');
    if (rest[0] === 'join') return this.#join(person, room);
    if (!room.members.has(person.id)) throw refusal(403, 'permission_denied', 'not a member');
    const command = `${method} ${rest.filter((_, index) => index % 2 === 0).join('/')}`;
    const run = this.#commands[command];
    if (!run) throw refusal(404, 'not_found', `there is nothing at ${command}`);
    return run.call(this, room, person, { body, url, sequence: Number(rest[1]), name: rest[3] }) ?? {};
  }

  #commands = {
    'POST leave': (room, person) => this.#leave(room, person),
    'GET members': (room) => ({ members: [...room.members.values()] }),
    'GET messages': (room, person, { url }) => history(room, url.searchParams, room.members.get(person.id).lastRead),
    'POST messages': (room, person, { body }) => this.#send(room, person, body),
    'PATCH messages': (room, person, { body, sequence }) => this.#change(room, person, sequence, 'messageEdited',
      (message) => ({
      ...message, content: body.content, editedAt: this.now, edits: (message.edits ?? 0) + 1,
    })),
    'DELETE messages': (room, person, { sequence }) => this.#change(room, person, sequence, 'messageDeleted',
      (message) => ({
      ...message, content: '', reactions: [], deletedAt: this.now, deletedBy: person.id,
    })),
    'GET events': (room, _, { url }) => this.#events(room, Number(url.searchParams.get('since'))),
    'PUT messages/reactions': (room, person, options) => this.#react(room, person, options, true),
    'DELETE messages/reactions': (room, person, options) => this.#react(room, person, options, false),
    'PUT messages/pin': (room, person, { sequence }) => this.#pin(room, person, sequence, true),
    'DELETE messages/pin': (room, person, { sequence }) => this.#pin(room, person, sequence, false),
    'GET pins': (room) => ({ messages: room.messages.filter(({ pinned }) => pinned) }),
    'PUT read': (room, person, { body }) => this.#mark(room, person, body, 'lastRead', 'readReceipt'),
    'PUT delivered': (room, person, { body }) => this.#mark(room, person, body, 'lastDelivered', 'deliveryReceipt'),
    'POST typing': (room, person, { body }) => this.#type(room, person, body),
  };

  #guest({ name }) {
    const id = `guest-${this.#people.size + 1}`;
    return { token: this.person(id, name), userId: id, name, expiresAt: this.now + 86_400_000 };
  }

  #create(person, { name, kind = 'group', members = [], id }) {
    const roomId = id ?? `room-${this.#rooms.size + 1}`;
    const room = { id: roomId, name: name ?? roomId, kind, members: new Map(), messages: [], events: [], revision: 0,
      keys: new Map() };
    this.#rooms.set(roomId, room);
    this.#add(room, person, 'owner');
    for (const memberId of members) {
      const other = [...this.#people.values()].find((one) => one.id === memberId);
      if (other) this.#add(room, other, 'member');
    }
    return this.#info(room, person);
  }

  #list(person, url) {
    const isDirectory = url.searchParams.get('kind') === 'public';
    const rooms = [...this.#rooms.values()].filter((room) => (isDirectory ? room.kind === 'public'
      : room.members.has(person.id)));
    return { rooms: rooms.map((room) => this.#info(room, person)) };
  }

  #info(room, person) {
    const { lastRead } = room.members.get(person.id) ?? { lastRead: 0 };
    return {
      id: room.id, name: room.name, kind: room.kind, revision: room.revision, members: room.members.size,
      lastMessage: room.messages.at(-1), lastRead, ...unreadOf(room, person.id),
    };
  }

  #join(person, room) {
    this.#add(room, person, 'member');
    return this.#info(room, person);
  }

  #add(room, person, role) {
    if (room.members.has(person.id)) return;
    room.members.set(person.id, { userId: person.id, userName: person.name, role, lastRead: 0, lastDelivered: 0,
      status: 'online' });
    this.#event(room, 'userJoined', { userId: person.id, userName: person.name, role });
    this.hub.publish({ topic: `users/${person.id}`, event: 'roomJoined', payload: { id: room.id } });
  }

  #leave(room, person) {
    this.#event(room, 'userLeft', { userId: person.id });
    room.members.delete(person.id);
  }

  #send(room, person, { content, clientId, replyTo, threadId, mentions, attachments }) {
    const key = `${person.id} ${clientId}`;
    if (clientId && room.keys.has(key)) return { ...room.messages[room.keys.get(key) - 1], duplicate: true };
    if (content === 'forbidden') throw refusal(403, 'permission_denied', 'this is not allowed here');
    const sequence = room.messages.length + 1;
    const quoted = replyTo && room.messages.find(({ id }) => id === replyTo);
    const message = {
      id: `${room.id}-${sequence}`, sequence, roomId: room.id, userId: person.id, userName: person.name, content,
      timestamp: this.now + sequence * 1000, type: 'text', status: 'sent', clientId, mentions, threadId,
      revision: room.revision + 1,
      replyTo: quoted && { id: quoted.id, userId: quoted.userId, content: quoted.content },
      attachments,
    };
    room.messages.push(message);
    if (clientId) room.keys.set(key, sequence);
    room.members.get(person.id).lastRead = sequence;
    this.#event(room, 'message', message);
    for (const id of room.members.keys()) if (id !== person.id) this.#tellUnread(room, id);
    return message;
  }

  #change(room, person, sequence, name, change) {
    const old = room.messages[sequence - 1];
    if (!old || old.userId !== person.id) throw refusal(403, 'permission_denied', 'not yours');
    const message = { ...change(old), revision: room.revision + 1 };
    room.messages[sequence - 1] = message;
    const isGone = message.deletedAt !== undefined;
    const told = { messageId: message.id, sequence, userId: person.id, deletedBy: person.id, timestamp: this.now };
    this.#event(room, name, isGone ? told : message);
    return message;
  }

  #react(room, person, { sequence, name: emoji }, isOn) {
    const message = room.messages[sequence - 1];
    const old = message.reactions?.find((one) => one.emoji === emoji)?.users ?? [];
    const users = isOn ? [...new Set([...old, person.id])] : old.filter((id) => id !== person.id);
    const others = (message.reactions ?? []).filter((one) => one.emoji !== emoji);
    const reactions = users.length > 0 ? [...others, { emoji, count: users.length, users }] : others;
    room.messages[sequence - 1] = { ...message, reactions, revision: room.revision + 1 };
    this.#event(room, 'reaction', { messageId: message.id, emoji, userId: person.id, action: isOn ? 'add' : 'remove',
      reactions });
  }

  #pin(room, person, sequence, isOn) {
    room.messages[sequence - 1] = { ...room.messages[sequence - 1], pinned: isOn, revision: room.revision + 1 };
    this.#event(room, 'pinned', { messageId: `${room.id}-${sequence}`, userId: person.id, pinned: isOn });
  }

  #mark(room, person, { messageId }, field, name) {
    const member = room.members.get(person.id);
    const sequence = Number(messageId.split('-').at(-1));
    if (sequence <= member[field]) return;
    member[field] = sequence;
    this.#event(room, name, { userId: person.id, messageId, readAt: this.now });
    if (field === 'lastRead') this.#tellUnread(room, person.id);
  }

  #tellUnread(room, userId) {
    const { lastRead } = room.members.get(userId);
    const payload = { roomId: room.id, lastRead, ...unreadOf(room, userId) };
    this.hub.publish({ topic: `users/${userId}`, event: 'unread', payload });
  }

  #type(room, person, { typing }) {
    const payload = { roomId: room.id, userId: person.id, userName: person.name };
    this.hub.publish({ topic: `rooms/${room.id}`, event: typing ? 'typing' : 'stopTyping', payload });
  }

  #event(room, event, payload) {
    room.revision += 1;
    const stored = { event, payload: { ...payload, roomId: room.id, revision: room.revision } };
    room.events.push(stored);
    this.hub.publish({ topic: `rooms/${room.id}`, ...stored });
  }

  #events(room, since) {
    const rest = room.events.filter(({ payload }) => payload.revision > since);
    return { events: rest.slice(0, 100), hasMore: rest.length > 100 };
  }

  #search(person, text) {
    const rooms = [...this.#rooms.values()].filter((room) => room.members.has(person.id));
    const words = text.split(' ').filter((word) => !word.includes(':'));
    const hasAll = ({ content }) => words.every((word) => content.includes(word));
    const found = rooms.flatMap((room) => room.messages).filter(hasAll);
    return { messages: found };
  }
}

function unreadOf(room, userId) {
  const { lastRead } = room.members.get(userId) ?? { lastRead: 0 };
  const unread = room.messages.filter(({ sequence, userId: author }) => sequence > lastRead && author !== userId);
  return { unread: unread.length, unreadMentions: unread.filter(({ mentions }) => mentions?.includes(userId)).length };
}

/** A page around an anchor, which itself belongs to it. */
function history(room, query, lastRead) {
  const of = query.get('threadId');
  const all = of ? room.messages.filter(({ threadId, id }) => threadId === of || id === of) : room.messages;
  const anchor = query.get('anchor');
  const [before, after] = [Number(query.get('before')), Number(query.get('after'))];
  const last = all.at(-1)?.sequence ?? 0;
  const at = anchor === 'newest' ? last : anchor === 'oldest' ? 1 : anchor === 'firstUnread'
    ? Math.min(last, lastRead + 1) : Number(anchor);
  const index = all.findIndex(({ sequence }) => sequence >= at);
  const place = index < 0 ? all.length : index;
  const messages = all.slice(Math.max(0, place - before), place + after + 1);
  return {
    messages, foundAnchor: all[place]?.sequence === at,
    foundOldest: place - before <= 0, foundNewest: place + after + 1 >= all.length,
  };
}

function refusal(status, code, message) {
  return Object.assign(new Error(message), { status, code });
}
