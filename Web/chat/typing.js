// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: Hibiki contributors

/** Milliseconds without a key after which one types no longer. */
const pause = 2000;
/** Milliseconds after which it is said again: the server forgets after six seconds. */
const again = 4000;
/** Milliseconds for which somebody is shown to type who says nothing more. */
const shownFor = 6000;

/** What one's own keys have to tell the room: `typing`, `stopTyping`, or nothing. */
export class OwnTyping {
  #saidAt = null;
  #keyAt = 0;

  get deadline() {
    return this.#saidAt === null ? null : this.#keyAt + pause;
  }

  typed(now) {
    this.#keyAt = now;
    if (this.#saidAt !== null && now - this.#saidAt < again) return null;
    this.#saidAt = now;
    return 'typing';
  }

  tick(now) {
    return this.deadline !== null && now >= this.deadline ? this.stop() : null;
  }

  /** The message is sent, or another room is opened. */
  stop() {
    if (this.#saidAt === null) return null;
    this.#saidAt = null;
    return 'stopTyping';
  }
}

/** Who types in a room. */
export class Typists {
  #until = new Map();

  get ids() {
    return [...this.#until.keys()];
  }

  get deadline() {
    return this.#until.size === 0 ? null : Math.min(...this.#until.values());
  }

  began(userId, now) {
    this.#until.set(userId, now + shownFor);
  }

  /** @returns whether they were shown. */
  ended(userId) {
    return this.#until.delete(userId);
  }

  /** @returns whether somebody is no longer shown. */
  tick(now) {
    const over = [...this.#until].filter(([, until]) => until <= now);
    for (const [userId] of over) this.#until.delete(userId);
    return over.length > 0;
  }
}

/** "Ada is typing", for as many as there are; empty for nobody. */
export function typingWords(names) {
  if (names.length === 0) return '';
  if (names.length === 1) return `${names[0]} is typing`;
  if (names.length === 2) return `${names[0]} and ${names[1]} are typing`;
  return `${names.length} people are typing`;
}
