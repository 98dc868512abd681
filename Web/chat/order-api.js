// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: Hibiki contributors

import { sequenceOf } from './message-id.js';

/** The commands of those who keep order in a room, over REST: who is in it, and in which role. */
export class OrderAPI {
  #ask;

  /** @param ask takes a method, the parts of a path under `rooms`, and a body */
  constructor(ask) {
    this.#ask = ask;
  }

  update(roomId, change) {
    return this.#ask('PATCH', [roomId], change);
  }

  setRole(roomId, userId, role) {
    return this.#ask('PATCH', [roomId, 'members', userId], { role });
  }

  kick(roomId, userId) {
    return this.#ask('DELETE', [roomId, 'members', userId]);
  }

  /** @param until milliseconds since 1970, or undefined for good */
  ban(roomId, userId, until) {
    return this.#ask('PUT', [roomId, 'bans', userId], { until });
  }

  unban(roomId, userId) {
    return this.#ask('DELETE', [roomId, 'bans', userId]);
  }

  mute(roomId, userId, until) {
    return this.#ask('PUT', [roomId, 'mutes', userId], { until });
  }

  unmute(roomId, userId) {
    return this.#ask('DELETE', [roomId, 'mutes', userId]);
  }

  /** @param invite `{ userId }` for one person, or `{ expiresAt, uses }` for a link */
  invite(roomId, invite) {
    return this.#ask('POST', [roomId, 'invites'], invite);
  }

  async invites(roomId) {
    return (await this.#ask('GET', [roomId, 'invites'])).invites ?? [];
  }

  revoke(roomId, invite) {
    return this.#ask('DELETE', [roomId, 'invites', invite]);
  }

  settle({ roomId, number }, outcome) {
    return this.#ask('PATCH', [roomId, 'reports', number], { outcome });
  }

  report({ id, roomId }, reason) {
    return this.#ask('POST', [roomId, 'messages', sequenceOf(id), 'report'], { reason });
  }
}
