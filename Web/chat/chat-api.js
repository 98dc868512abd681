// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: Hibiki contributors

import { request } from '../client/request.js';
import { TokenSource } from '../client/token-source.js';
import { eventFrom, memberFrom, pageFrom, roomFrom } from './chat-wire.js';
import { sequenceOf } from './message-id.js';

/** The commands of the chat over REST. Each answers, or throws a HibikiError that says whether to come back. */
export class ChatAPI {
  #base;
  #options;

  /** @param options those of a request: `fetch`, `timeout`, timers */
  constructor(base, token, options = {}) {
    this.#base = `${base}v1/`;
    this.#options = { ...options, token: TokenSource.from(token) };
  }

  /** A guest: `{ token, userId, name, expiresAt }`. */
  async becomeGuest(name) {
    return this.#ask('POST', 'guests', { name });
  }

  async rooms() {
    return (await this.#ask('GET', 'rooms')).rooms.map(roomFrom);
  }

  /** Public rooms that one may join. */
  async publicRooms() {
    return (await this.#ask('GET', 'rooms?kind=public')).rooms.map(roomFrom);
  }

  async createRoom(room) {
    return roomFrom(await this.#ask('POST', 'rooms', room));
  }

  async join(roomId, invite) {
    const answer = await this.#ask('POST', path(roomId, 'join'), invite ? { invite } : {});
    return roomFrom(answer.room ?? answer);
  }

  leave(roomId) {
    return this.#ask('POST', path(roomId, 'leave'), {});
  }

  /** A word by which others may join: `{ invite }`. */
  invite(roomId) {
    return this.#ask('POST', path(roomId, 'invites'), {});
  }

  async members(roomId) {
    return (await this.#ask('GET', path(roomId, 'members'))).members.map(memberFrom);
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
  async send(roomId, message) {
    const answer = await this.#ask('POST', path(roomId, 'messages'), message);
    return answer.message ?? answer;
  }

  edit(id, roomId, content, mentions) {
    return this.#ask('PATCH', path(roomId, 'messages', sequenceOf(id)), { content, mentions });
  }

  remove(id, roomId) {
    return this.#ask('DELETE', path(roomId, 'messages', sequenceOf(id)));
  }

  react(id, roomId, emoji, isOn) {
    return this.#ask(isOn ? 'PUT' : 'DELETE', path(roomId, 'messages', sequenceOf(id), 'reactions', emoji));
  }

  pin(id, roomId, isOn) {
    return this.#ask(isOn ? 'PUT' : 'DELETE', path(roomId, 'messages', sequenceOf(id), 'pin'));
  }

  async pins(roomId) {
    return (await this.#ask('GET', path(roomId, 'pins'))).messages ?? [];
  }

  report(id, roomId, reason) {
    return this.#ask('POST', path(roomId, 'messages', sequenceOf(id), 'report'), { reason });
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

  async search(text, cursor) {
    const answer = await this.#ask('GET', `search${queryOf({ q: text, cursor })}`);
    return { results: (answer.results ?? answer.messages ?? []).map(hitFrom), cursor: answer.cursor ?? null };
  }

  async #ask(method, where, body) {
    const answer = await request(this.#base + where, { ...this.#options, method, body });
    return answer.body ?? {};
  }
}

function hitFrom(hit) {
  return { message: hit.message ?? hit, snippet: hit.snippet ?? null };
}

function path(roomId, ...rest) {
  return ['rooms', roomId, ...rest].map(encodeURIComponent).join('/');
}

function queryOf(values) {
  const pairs = Object.entries(values).filter(([, value]) => value !== undefined && value !== null);
  return pairs.length === 0 ? '' : `?${new URLSearchParams(pairs)}`;
}
