// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: Hibiki contributors

/** The rooms that one is in, comes into and leaves, and who else is there. */
export class Memberships {
  #state;
  #api;
  #feed;
  #owner;

  /** The owner has `trying(work)`, `emit(…)`, `open(roomId, anchor)`, `listed(room)`, `isOver()` and `clock`. */
  constructor({ state, api, feed }, owner) {
    this.#state = state;
    this.#api = api;
    this.#feed = feed;
    this.#owner = owner;
  }

  /** @param room `{ name, kind, members }`; two people have one direct conversation, however often it is asked for */
  async create(room) {
    const made = this.#joined(await this.#api.createRoom(room));
    await this.#owner.open(made.id);
  }

  async join(roomId, invite) {
    const room = this.#joined(await this.#api.join(roomId, invite));
    await this.#owner.open(room.id, 'newest');
  }

  /** Joins a room, and says what went wrong. */
  accept(roomId) {
    return this.#owner.trying(() => this.join(roomId));
  }

  /** Says no to an invitation. */
  decline(roomId) {
    return this.#owner.trying(async () => {
      await this.#api.leave(roomId);
      this.#state.invitations.delete(roomId);
      this.#owner.emit('change', 'invitation');
    });
  }

  async leave(roomId) {
    await this.#api.leave(roomId);
    this.forget(roomId, 'left');
  }

  /** Reads who is in a room, and how they are. */
  async meet(room) {
    this.#state.met(room, await this.#api.members(room.id));
    this.#owner.emit('change', 'members');
  }

  /** The same, where a failure is only said. */
  refresh(room) {
    return this.#owner.trying(() => this.meet(room));
  }

  /** Reads one's rooms. */
  async list() {
    const { open } = this.#state;
    for (const id of this.#state.listed(await this.#api.rooms())) this.#feed.forget(id);
    for (const room of this.#state.rooms.values()) {
      this.#feed.listen(room.id);
      this.#owner.listed(room);
      if (room.kind === 'direct' && room.members.size === 0) this.#owner.trying(() => this.meet(room));
    }
    if (this.#state.invitations.size > 0) this.#owner.emit('change', 'invitation');
    this.#owner.emit('change', 'rooms');
    if (open && !this.#state.rooms.has(open.id)) this.#close(open);
  }

  /** Between the list and the first event there may have been others. */
  whenSettled(done) {
    if (this.#feed.isSettled) return done();
    return void this.#owner.clock.setTimeout(() => this.#owner.isOver() || this.whenSettled(done), 100);
  }

  /** One is no longer in a room. */
  forget(roomId, reason) {
    const room = this.#state.rooms.get(roomId);
    if (!room) return;
    this.#feed.forget(roomId);
    this.#state.rooms.delete(roomId);
    this.#close(room, reason);
  }

  #close(room, reason) {
    if (this.#state.openId === room.id) this.#state.openId = null;
    this.#owner.emit('left', room, reason);
    this.#owner.emit('change', 'opened');
  }

  #joined(info) {
    const room = this.#state.put(info);
    this.#state.invitations.delete(room.id);
    this.#feed.listen(room.id);
    return room;
  }
}
