// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: Hibiki contributors

/** How far everybody in a room has received and read. Markers move forward only. */
export class Markers {
  #read = new Map();
  #delivered = new Map();

  readTo(userId) {
    return this.#read.get(userId) ?? 0;
  }

  deliveredTo(userId) {
    return Math.max(this.#delivered.get(userId) ?? 0, this.readTo(userId));
  }

  /** @returns whether the marker moved. */
  read(userId, sequence) {
    return forward(this.#read, userId, sequence);
  }

  delivered(userId, sequence) {
    return forward(this.#delivered, userId, sequence);
  }

  forget(userId) {
    this.#read.delete(userId);
    this.#delivered.delete(userId);
  }

  /** What became of one's own message: `sent`, `delivered` or `read` by at least one other, and who has read it. */
  stateOf(sequence, me) {
    const readers = [...this.#read].filter(([id, to]) => id !== me && to >= sequence).map(([id]) => id);
    if (readers.length > 0) return { state: 'read', readers };
    const isDelivered = [...this.#delivered].some(([id, to]) => id !== me && to >= sequence);
    return { state: isDelivered ? 'delivered' : 'sent', readers };
  }
}

function forward(marks, userId, sequence) {
  if (!(sequence > (marks.get(userId) ?? 0))) return false;
  marks.set(userId, sequence);
  return true;
}
