// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: Hibiki contributors

import { request } from '../client/request.js';
import { TokenSource } from '../client/token-source.js';
import { eventFrom, memberFrom, pageFrom, roomFrom } from './chat-wire.js';
import { sequenceOf } from './message-id.js';
import { OrderAPI } from './order-api.js';

/** Pages of a list that are read: rooms and people beyond them are not shown. */
const mostPages = 20;

/** The commands of the chat over REST. Each answers, or throws a HibikiError that says whether to come back. */
export class ChatAPI {
  #base;
  #options;
  /** Called when the server has answered. */
  onAnswer = () => {};

  /** @param options those of a request: `fetch`, `timeout`, timers */
  constructor(base, token, options = {}) {
    this.#base = `${base}v1/`;
    this.#options = { ...options, token: TokenSource.from(token) };
    this.order = new OrderAPI((method, parts, body) => this.#ask(method, path(...parts), body));
  }

  /** All of one's rooms, however many pages they are. */
  async rooms() {
    const rooms = await this.#all('rooms', 'rooms', ({ id }) => id);
    return rooms.map(roomFrom);
  }

  /** Public rooms that one may join. */
  async publicRooms() {
    return (await this.#ask('GET', 'rooms?kind=public')).rooms.map(roomFrom);
  }

  async createRoom(room) {
    return roomFrom(await this.#ask('POST', 'rooms', room));
  }

  async join(roomId, invite) {
    return roomFrom(await this.#ask('POST', path(roomId, 'join'), invite ? { invite } : {}));
  }

  leave(roomId) {
    return this.#ask('POST', path(roomId, 'leave'), {});
  }

  async members(roomId) {
    const members = await this.#all(path(roomId, 'members'), 'members', ({ userId }) => userId);
    return members.map(memberFrom);
  }

  /** @param query `{ anchor, before, after, threadId }` */
  async history(roomId, query) {
    return pageFrom(await this.#ask('GET', path(roomId, 'messages') + queryOf(query)));
  }

  /** What happened after a revision: `{ events, hasMore, gap }`. */
  async events(roomId, since) {
    const answer = await this.#ask('GET', path(roomId, 'events') + queryOf({ since }));
    return { events: (answer.events ?? []).map(eventFrom), hasMore: answer.hasMore === true, gap: answer.gap === true };
  }

  /** The stored message, with `duplicate` if it was there. */
  send(roomId, message) {
    return this.#ask('POST', path(roomId, 'messages'), message);
  }

  edit(id, roomId, content) {
    return this.#ask('PATCH', path(roomId, 'messages', sequenceOf(id)), { content });
  }

  remove(id, roomId) {
    return this.#ask('DELETE', path(roomId, 'messages', sequenceOf(id)));
  }

  react(id, roomId, emoji, isOn) {
    return this.#ask(isOn ? 'PUT' : 'DELETE', path(roomId, 'messages', sequenceOf(id), 'reactions', emoji));
  }

  /** A message as it is now. */
  message(id, roomId) {
    return this.#ask('GET', path(roomId, 'messages', sequenceOf(id)));
  }

  /** The earlier wordings of a message, the first one first. */
  async edits(id, roomId) {
    return (await this.#ask('GET', path(roomId, 'messages', sequenceOf(id), 'edits'))).edits ?? [];
  }

  /** What was complained of, the oldest first. */
  reports(roomId) {
    return this.#all(path(roomId, 'reports'), 'reports', ({ number }) => number, { state: 'open' });
  }

  pin(id, roomId, isOn) {
    return this.#ask(isOn ? 'PUT' : 'DELETE', path(roomId, 'messages', sequenceOf(id), 'pin'));
  }

  async pins(roomId) {
    return (await this.#ask('GET', path(roomId, 'pins'))).messages ?? [];
  }

  markRead(roomId, messageId) {
    return this.#ask('PUT', path(roomId, 'read'), { messageId });
  }

  markDelivered(roomId, messageId) {
    return this.#ask('PUT', path(roomId, 'delivered'), { messageId });
  }

  typing(roomId, isTyping) {
    return this.#ask('POST', path(roomId, 'typing'), { typing: isTyping });
  }

  /** Whether one looks away: of all devices whose commands come in requests of their own. */
  presence(status) {
    return this.#ask('POST', 'presence', { status });
  }

  /** What the server found a file to be: `{ attachment }` as a message names it, and whether its `thumbnail` is being made. */
  async describe(id) {
    const { name, type, length, width, height, thumbnail } = await this.#ask('GET', `uploads/${encodeURIComponent(id)}`);
    const attachment = { id, name, type: type ?? 'application/octet-stream', size: length, width, height };
    return { attachment, isPending: thumbnail === 'pending' };
  }

  /** An address of a file that holds for some time: `{ url, expiresAt }`. */
  fileLink(id, kind) {
    return this.#ask('POST', `uploads/${encodeURIComponent(id)}/link?kind=${kind}`);
  }

  async search(text, cursor) {
    const answer = await this.#ask('GET', `search${queryOf({ q: text, cursor })}`);
    return { messages: answer.messages ?? [], cursor: answer.cursor ?? null };
  }

  /** Page after page of a list, up to `mostPages`. */
  async #all(where, name, idOf, query = {}) {
    const all = [];
    let after;
    for (let page = 0; page < mostPages; page += 1) {
      const { [name]: items = [], hasMore } = await this.#ask('GET', where + queryOf({ ...query, after }));
      all.push(...items);
      if (!hasMore || items.length === 0) break;
      after = idOf(items.at(-1));
    }
    return all;
  }

  async #ask(method, where, body) {
    const answer = await request(this.#base + where, { ...this.#options, method, body });
    this.onAnswer();
    return answer.body ?? {};
  }
}

function path(roomId, ...rest) {
  return ['rooms', roomId, ...rest].map(encodeURIComponent).join('/');
}

function queryOf(values) {
  const pairs = Object.entries(values).filter(([, value]) => value !== undefined && value !== null);
  return pairs.length === 0 ? '' : `?${new URLSearchParams(pairs)}`;
}
