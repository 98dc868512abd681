// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: Hibiki contributors

/** What keeps order in a room. Each says what went wrong, and gives whether it was done. */
export class OrderCommands {
  #api;
  #trying;
  #meet;

  /**
   * @param trying runs what it is given, and says what went wrong
   * @param meet reads who is in a room: a ban, its end and an invitation are told to nobody there
   */
  constructor(api, trying, meet) {
    this.#api = api;
    this.#trying = trying;
    this.#meet = meet;
  }

  update(room, change) {
    return this.#done(() => this.#api.update(room.id, change));
  }

  setRole(room, userId, role) {
    return this.#done(() => this.#api.setRole(room.id, userId, role));
  }

  kick(room, userId) {
    return this.#done(() => this.#api.kick(room.id, userId), room);
  }

  ban(room, userId, until) {
    return this.#done(() => this.#api.ban(room.id, userId, until), room);
  }

  unban(room, userId) {
    return this.#done(() => this.#api.unban(room.id, userId), room);
  }

  mute(room, userId, until) {
    return this.#done(() => this.#api.mute(room.id, userId, until));
  }

  unmute(room, userId) {
    return this.#done(() => this.#api.unmute(room.id, userId));
  }

  settle(report, outcome) {
    return this.#done(() => this.#api.settle(report, outcome));
  }

  invite(room, userId) {
    return this.#done(() => this.#api.invite(room.id, { userId }), room);
  }

  /** A link that lets in whoever has it, or undefined. */
  makeLink(room, limits) {
    return this.#trying(() => this.#api.invite(room.id, limits));
  }

  async links(room) {
    return await this.#trying(() => this.#api.invites(room.id)) ?? [];
  }

  revoke(room, invite) {
    return this.#done(() => this.#api.revoke(room.id, invite));
  }

  report(message, reason) {
    return this.#done(() => this.#api.report(message, reason));
  }

  async #done(work, room = null) {
    const isDone = await this.#trying(async () => {
      await work();
      return true;
    });
    if (isDone && room) await this.#trying(() => this.#meet(room));
    return isDone === true;
  }
}
