// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: Hibiki contributors

import { Timeline } from './timeline.js';

/** Messages of a thread that are read. */
const most = 100;

/** The thread that is looked at in the open room. */
export class Threads {
  #state;
  #api;

  constructor(state, api) {
    this.#state = state;
    this.#api = api;
  }

  async open(id) {
    const room = this.#state.open;
    const thread = { id, timeline: new Timeline() };
    room.thread = thread;
    const query = { anchor: 'newest', before: most, after: 0, threadId: id };
    thread.timeline.replace(await this.#api.history(room.id, query));
  }

  close() {
    for (const room of this.#state.rooms.values()) room.thread = null;
  }
}
