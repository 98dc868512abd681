// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: Hibiki contributors

/**
 * The part of a room's history that is held: messages that follow each other, oldest first, and whether the oldest and
 * the newest of the room are among them. It never holds more than `limit` messages: what is put in at one end is taken
 * away at the other.
 */
export class Timeline {
  messages = [];
  foundOldest = false;
  foundNewest = false;
  isLoaded = false;
  #limit;

  constructor(limit = 200) {
    this.#limit = limit;
  }

  get first() {
    return this.messages[0]?.sequence ?? null;
  }

  get last() {
    return this.messages.at(-1)?.sequence ?? null;
  }

  find(sequence) {
    const index = this.#index(sequence);
    return this.messages[index]?.sequence === sequence ? this.messages[index] : null;
  }

  /** Another place of the history. */
  replace({ messages, foundOldest, foundNewest }) {
    this.messages = inOrder(messages);
    this.foundOldest = foundOldest;
    this.foundNewest = foundNewest;
    this.isLoaded = true;
    this.#dropNewest();
  }

  /** The page before the first message. */
  addBefore({ messages, foundOldest }) {
    const first = this.first ?? Infinity;
    this.messages = [...inOrder(messages).filter((message) => message.sequence < first), ...this.messages];
    this.foundOldest ||= foundOldest;
    this.#dropNewest();
  }

  /** The page after the last message. */
  addAfter({ messages, foundNewest }) {
    const last = this.last ?? 0;
    this.messages = [...this.messages, ...inOrder(messages).filter((message) => message.sequence > last)];
    this.foundNewest ||= foundNewest;
    this.#dropOldest();
  }

  /**
   * A message that was sent now. Who reads further above (`isFollowing` false) keeps what is in sight: the newest are
   * then fetched when they are scrolled to.
   */
  received(message, isFollowing) {
    if (!this.isLoaded || this.changed(message)) return this.isLoaded;
    if (message.sequence < (this.last ?? 0)) return this.#insert(message);
    if (!this.foundNewest) return false;
    if (!isFollowing && this.messages.length >= this.#limit) {
      this.foundNewest = false;
      return true;
    }
    this.messages = [...this.messages, message];
    this.#dropOldest();
    return true;
  }

  /** The answer to one's own message may overtake the event of the one before. */
  #insert(message) {
    const index = this.#index(message.sequence);
    if (index === 0 && !this.foundOldest) return false;
    this.messages = this.messages.toSpliced(index, 0, message);
    this.#dropOldest();
    return true;
  }

  /**
   * Another version of a message. One that is older than the one held changes nothing.
   * @returns whether the message is held
   */
  changed(message) {
    const index = this.#index(message.sequence);
    const held = this.messages[index];
    if (held?.sequence !== message.sequence) return false;
    if (!(message.revision < held.revision)) this.messages = this.messages.with(index, message);
    return true;
  }

  /** A message that is gone without a trace. */
  removed(sequence) {
    const left = this.messages.filter((message) => message.sequence !== sequence);
    const isChanged = left.length < this.messages.length;
    this.messages = left;
    return isChanged;
  }

  /** Forgets everything, for the history has to be asked for again. */
  clear() {
    this.replace({ messages: [], foundOldest: false, foundNewest: false });
    this.isLoaded = false;
  }

  #dropNewest() {
    if (this.messages.length <= this.#limit) return;
    this.messages = this.messages.slice(0, this.#limit);
    this.foundNewest = false;
  }

  #dropOldest() {
    if (this.messages.length <= this.#limit) return;
    this.messages = this.messages.slice(-this.#limit);
    this.foundOldest = false;
  }

  /** Where a sequence stands, or would stand. */
  #index(sequence) {
    let [low, high] = [0, this.messages.length];
    while (low < high) {
      const middle = (low + high) >> 1;
      if (this.messages[middle].sequence < sequence) low = middle + 1;
      else high = middle;
    }
    return low;
  }
}

function inOrder(messages) {
  return [...messages].sort((a, b) => a.sequence - b.sequence);
}
