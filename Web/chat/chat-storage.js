// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: Hibiki contributors

const guestKey = 'hibiki.chat.guest';
const queuePrefix = 'hibiki.chat.queue.';

/**
 * What survives the page: who one is, and the messages that the server has not answered. Each message has a key of its
 * own, so that two tabs of one person do not overwrite each other's. Where storage is forbidden, nothing survives.
 */
export class ChatStorage {
  #storage;

  constructor(storage) {
    this.#storage = storage;
  }

  /** The storage of the page, which a browser may forbid to be touched at all. */
  static ofPage() {
    try {
      return new ChatStorage(globalThis.localStorage);
    } catch {
      return new ChatStorage(null);
    }
  }

  guest(now) {
    const guest = this.#read(guestKey);
    const isGood = typeof guest?.token === 'string' && typeof guest.userId === 'string';
    return isGood && !(endOf(guest) <= now) ? guest : null;
  }

  keepGuest(guest) {
    this.#write(guestKey, guest);
  }

  forgetGuest() {
    this.#try((storage) => storage.removeItem(guestKey));
  }

  /** The messages of a person that were not answered, in the order in which they were written. */
  queue(userId) {
    const prefix = queuePrefix + userId + '.';
    const keys = this.#try((storage) => Object.keys(storage)) ?? [];
    const entries = keys.filter((key) => key.startsWith(prefix)).map((key) => this.#read(key));
    return entries.filter((entry) => typeof entry?.clientId === 'string' && typeof entry.roomId === 'string')
      .sort((a, b) => a.createdAt - b.createdAt || a.order - b.order);
  }

  keep(userId, entry) {
    this.#write(`${queuePrefix}${userId}.${entry.clientId}`, entry);
  }

  drop(userId, clientId) {
    this.#try((storage) => storage.removeItem(`${queuePrefix}${userId}.${clientId}`));
  }

  /** A small text under a name of its own: a draft, where an upload stands. */
  note(name) {
    return this.#try((storage) => storage.getItem(`hibiki.chat.${name}`)) ?? null;
  }

  keepNote(name, text) {
    if (text === null || text === '') this.#try((storage) => storage.removeItem(`hibiki.chat.${name}`));
    else this.#try((storage) => storage.setItem(`hibiki.chat.${name}`, text));
  }

  #read(key) {
    try {
      return JSON.parse(this.#storage?.getItem(key) ?? 'null');
    } catch {
      return null;
    }
  }

  #write(key, value) {
    this.#try((storage) => storage.setItem(key, JSON.stringify(value)));
  }

  #try(work) {
    try {
      return this.#storage ? work(this.#storage) : undefined;
    } catch {
      return undefined;
    }
  }
}

function endOf({ expiresAt }) {
  return typeof expiresAt === 'number' ? expiresAt : Date.parse(expiresAt ?? '');
}
