// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: Hibiki contributors

/** Positions that are remembered. The server's log holds 1,000 events a topic, so no lane can be further behind. */
const remembered = 4000;

/** Where one lane stands: the number of its next event, counted from 0, and what went wrong on the way. */
class Cursor {
  /** `null` after a gap, until the next event tells where it goes on. */
  next = 0;
  skipped = 0;
  twice = 0;
  /** Events that the lane was told it cannot have: its last gap, and those before. */
  unreachable = 0;
  gap = null;
}

/**
 * Checks that every lane reads the same events in the same order, without looking into a position.
 *
 * The first lane that delivers an event writes its position down; each other lane must then deliver exactly that
 * sequence. A position that comes early means that those before it were lost; one that comes late came twice; one that
 * nobody has seen was lost by those who are past it.
 */
export class Ledger {
  #positions = [];
  #base = 0;
  #ordinals = new Map();
  #cursors = [];
  #unseen = new Set();
  #forgotten = new Set();

  /** Publications of this page that the server has acknowledged. */
  sent = 0;

  /** How many events the log has taken since this page began to read it, as far as the page can know. */
  get total() {
    return this.seen + this.#unseen.size;
  }

  /** How many events at least one lane has delivered. */
  get seen() {
    return this.#base + this.#positions.length;
  }

  /** How many publications of this page were acknowledged and then lost in a gap. */
  get forgotten() {
    return this.#forgotten.size;
  }

  /** How many events of the log are not of this page, as far as it can know. */
  get elsewhere() {
    return Math.max(0, this.total + this.forgotten - this.sent);
  }

  cursor() {
    const cursor = new Cursor();
    this.#cursors.push(cursor);
    return cursor;
  }

  /** The number of an event, or `undefined` if no lane has delivered it. */
  ordinal(position) {
    return this.#ordinals.get(position);
  }

  /** The server has stored a publication of this page; it may have arrived on a lane before. */
  acknowledged(position) {
    this.sent += 1;
    if (!this.#ordinals.has(position)) this.#unseen.add(position);
  }

  /** A lane has delivered an event. Answers its number, and whether it is the first lane to do so. */
  delivered(cursor, position) {
    const known = this.#ordinals.get(position);
    const isNew = known === undefined;
    const ordinal = known ?? cursor.next ?? this.seen;
    if (isNew) this.#insert(position, ordinal);
    if (cursor.next === null) {
      cursor.gap.to = ordinal;
      cursor.unreachable += Math.max(0, ordinal - cursor.gap.from);
    } else if (ordinal < cursor.next) {
      cursor.twice += 1;
      return { ordinal, isNew };
    } else {
      cursor.skipped += ordinal - cursor.next;
    }
    cursor.next = ordinal + 1;
    return { ordinal, isNew };
  }

  /** A lane was told of a gap. What nobody has seen is not waited for any more; it still counts if it comes. */
  interrupted(cursor) {
    for (const position of this.#unseen) this.#forgotten.add(position);
    this.#unseen.clear();
    if (cursor.next === null) return;
    cursor.gap = { from: cursor.next, to: Infinity };
    cursor.next = null;
  }

  #insert(position, ordinal) {
    const index = Math.max(0, ordinal - this.#base);
    this.#positions.splice(index, 0, position);
    for (let later = index; later < this.#positions.length; later += 1) {
      this.#ordinals.set(this.#positions[later], this.#base + later);
    }
    for (const cursor of this.#cursors) makeRoom(cursor, ordinal);
    this.#unseen.delete(position);
    this.#forgotten.delete(position);
    if (this.#positions.length > 2 * remembered) this.#trim();
  }

  #trim() {
    const old = this.#positions.splice(0, this.#positions.length - remembered);
    for (const position of old) this.#ordinals.delete(position);
    this.#base += old.length;
  }
}

/** An event turns up at `ordinal`: a cursor past it has skipped it, unless it fell into the gap it was told of. */
function makeRoom(cursor, ordinal) {
  if (cursor.next === null || cursor.next <= ordinal) return;
  cursor.next += 1;
  const isInGap = cursor.gap !== null && cursor.gap.from <= ordinal && ordinal <= cursor.gap.to;
  if (isInGap) cursor.unreachable += 1;
  else cursor.skipped += 1;
  if (cursor.gap === null) return;
  if (ordinal < cursor.gap.from) cursor.gap.from += 1;
  if (ordinal <= cursor.gap.to) cursor.gap.to += 1;
}
