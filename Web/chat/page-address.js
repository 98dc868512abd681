// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: Hibiki contributors

import { isSure } from './questions.js';
import { placeOf } from './room-address.js';

/** The room that is open stands in the address of the page, and the other way round: links, Back and Forward work. */
export class PageAddress {
  #session;
  #actions;

  /** @param actions `{ go(roomId, sequence), rooms(), problem(error) }` */
  constructor(session, actions) {
    this.#session = session;
    this.#actions = actions;
    addEventListener('popstate', () => this.follow());
  }

  show(roomId) {
    const { pathname, search, hash } = location;
    const wanted = roomId === null ? '' : `#${encodeURIComponent(roomId)}`;
    if (hash === wanted) return;
    // Neither a room that one was taken out of nor an invite is something to go back to, or to be copied by mistake.
    const isNew = roomId !== null && placeOf(hash).roomId !== roomId;
    history[isNew ? 'pushState' : 'replaceState'](null, '', pathname + search + wanted);
  }

  /** Goes to where the address says. */
  follow() {
    const { roomId, invite, sequence } = placeOf(location.hash);
    if (roomId === null) return this.#actions.rooms();
    if (this.#session.state.rooms.has(roomId)) {
      this.show(roomId);
      return this.#actions.go(roomId, sequence);
    }
    return this.#join(roomId, invite);
  }

  /** An invitation says what it is for; an address alone asks, because it may come from anywhere. */
  async #join(roomId, invite) {
    const question = { title: 'Join this room?', text: `You are not in the room ${roomId} yet.`, yes: 'Join' };
    if (!invite && !await isSure(question)) return this.show(null);
    try {
      await this.#session.memberships.join(roomId, invite);
    } catch (error) {
      this.show(null);
      this.#actions.problem(error);
    }
    return undefined;
  }
}
