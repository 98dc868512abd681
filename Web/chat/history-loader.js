// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: Hibiki contributors

/** Messages that are fetched at one time. */
const pageSize = 40;

/**
 * Brings pages of a room's history into its timeline, one request at a time; an answer that came too late is dropped.
 */
export class HistoryLoader {
  #api;
  #generations = new Map();
  #busy = new Set();

  constructor(api) {
    this.#api = api;
  }

  /**
   * Another place of the history: `newest`, `oldest`, `firstUnread` or a sequence.
   * @returns whether it is there now
   */
  async jump(room, anchor) {
    const generation = (this.#generations.get(room.id) ?? 0) + 1;
    this.#generations.set(room.id, generation);
    const isEnd = anchor === 'newest';
    const page = await this.#api.history(room.id, {
      anchor, before: isEnd ? pageSize : pageSize / 2, after: isEnd ? 0 : pageSize / 2,
    });
    if (this.#generations.get(room.id) !== generation) return false;
    room.timeline.replace({ ...page, foundNewest: page.foundNewest || isEnd });
    return true;
  }

  older(room) {
    const { first, foundOldest } = room.timeline;
    if (foundOldest || first === null) return Promise.resolve(false);
    const query = { anchor: first, before: pageSize, after: 0 };
    return this.#extend(room, 'older', query, (page) => room.timeline.addBefore(page));
  }

  newer(room) {
    const { last, foundNewest } = room.timeline;
    if (foundNewest || last === null) return Promise.resolve(false);
    const query = { anchor: last, before: 0, after: pageSize };
    return this.#extend(room, 'newer', query, (page) => room.timeline.addAfter(page));
  }

  async #extend(room, name, query, put) {
    const key = `${name} ${room.id}`;
    if (this.#busy.has(key)) return false;
    this.#busy.add(key);
    const generation = this.#generations.get(room.id);
    try {
      const page = await this.#api.history(room.id, query);
      if (this.#generations.get(room.id) !== generation) return false;
      put(page);
      return true;
    } finally {
      this.#busy.delete(key);
    }
  }
}
