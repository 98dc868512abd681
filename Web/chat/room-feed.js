// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: Hibiki contributors

import { eventFrom } from './chat-wire.js';

/** Pages of events that are asked for in a row; who was away for longer reads the history anew. */
const mostPages = 20;

/** Listens to the topics of rooms, and asks for what was missed. */
export class RoomFeed {
  #client;
  #api;
  #owner;
  #subscriptions = new Map();
  #catching = new Map();

  /** The owner has `room(id)`, `apply(room, event)`, `reload(room)`, `own(event)` and `relist()`. */
  constructor(client, api, owner) {
    this.#client = client;
    this.#api = api;
    this.#owner = owner;
    client.on('gap', ({ topic }) => this.#gap(topic));
  }

  start(userId) {
    if (this.#subscriptions.has('')) return;
    const hear = (event) => this.#owner.own(eventFrom(event));
    this.#subscriptions.set('', this.#client.subscribe(`users/${userId.replace(/[%/]/g, encodeURIComponent)}`, hear));
  }

  listen(roomId) {
    if (this.#subscriptions.has(roomId)) return;
    const subscription = this.#client.subscribe(topicOf(roomId), (event) => this.#received(roomId, eventFrom(event)));
    this.#subscriptions.set(roomId, subscription);
  }

  forget(roomId) {
    this.#subscriptions.get(roomId)?.unsubscribe();
    this.#subscriptions.delete(roomId);
  }

  /** Whether the server said where every subscription begins: from there on nothing is missed. */
  get isSettled() {
    return [...this.#subscriptions.values()].every(({ position }) => position !== null);
  }

  /** Applies what happened after the room's revision. One at a time for each room. */
  catchUp(room) {
    const running = this.#catching.get(room.id);
    if (running) return running;
    const done = this.#catchUp(room).finally(() => this.#catching.delete(room.id));
    this.#catching.set(room.id, done);
    return done;
  }

  async #catchUp(room) {
    for (let page = 0; page < mostPages && room.revision !== null; page += 1) {
      const { events, hasMore, gap } = await this.#api.events(room.id, room.revision);
      if (gap) break;
      const before = room.revision;
      for (const event of events) if (room.place(event.revision) !== 'known') this.#owner.apply(room, event);
      if (!hasMore) return;
      if (room.revision === before) break;
    }
    await this.#owner.reload(room);
  }

  #received(roomId, event) {
    const room = this.#owner.room(roomId);
    if (!room) return;
    switch (room.place(event.revision)) {
      case 'known': return;
      case 'next': return this.#owner.apply(room, event);
      default: this.#fillHole(room, event);
    }
  }

  /** The event is among those that are asked for; where the server shows no others, it is the next after all. */
  async #fillHole(room, event) {
    try {
      await this.catchUp(room);
    } catch {
      return; // the next event finds the same hole
    }
    if (room.place(event.revision) !== 'known') this.#owner.apply(room, event);
  }

  #gap(topic) {
    const room = [...this.#subscriptions.keys()].find((id) => id !== '' && topicOf(id) === topic);
    if (room === undefined) this.#owner.relist();
    else if (this.#owner.room(room)) this.catchUp(this.#owner.room(room)).catch(() => {});
  }
}

function topicOf(roomId) {
  return `rooms/${roomId}`;
}
