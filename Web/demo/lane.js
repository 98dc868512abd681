// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: Hibiki contributors

import { History } from './history.js';

/** Events and bars that a lane shows: the page must not grow with the log. */
export const shown = 50;

/**
 * One transport's reading of the log: its position, what it has received, and how that compares with the other lanes.
 *
 * States: `idle` (no log yet), `opening`, `open`, `lost` (the transport failed and is trying again), `cut` (by hand).
 */
export class Lane {
  #ledger;
  #stopwatch;
  #end;
  #changed;
  #cameFromElsewhere;
  #transport = null;
  #topic = '';
  #position = '';
  #catching = null;
  #timely = [];

  constructor(definition, { ledger, stopwatch, end, changed, cameFromElsewhere }) {
    this.definition = definition;
    this.#ledger = ledger;
    this.cursor = ledger.cursor();
    this.#stopwatch = stopwatch;
    this.#end = end;
    this.#changed = changed;
    this.#cameFromElsewhere = cameFromElsewhere;
    this.state = 'idle';
    this.requests = 0;
    this.received = 0;
    this.last = null;
    this.latencies = [];
    this.recent = [];
    this.outcome = null;
    this.history = new History();
  }

  /** How many events of the log have not arrived on this lane. */
  get behind() {
    return this.isAfterGap ? 0 : Math.max(0, this.#ledger.total - this.cursor.next);
  }

  get isCatchingUp() {
    return this.state === 'opening' || this.#catching !== null;
  }

  /** Whether it was told of a gap, and no event since tells how wide. */
  get isAfterGap() {
    return this.cursor.next === null;
  }

  get faults() {
    return this.cursor.skipped + this.cursor.twice;
  }

  get isCut() {
    return this.state === 'cut';
  }

  /** The median of the last latencies, in milliseconds; null before the first. Events caught up on do not count. */
  get median() {
    const sorted = [...this.#timely].sort((a, b) => a - b);
    if (sorted.length === 0) return null;
    const middle = sorted.length >> 1;
    return sorted.length % 2 === 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
  }

  begin(topic, position) {
    this.#topic = topic;
    this.#position = position;
    this.#open();
  }

  /** Closes the transport as a lost network would, and keeps the position. */
  cut() {
    if (this.state === 'idle' || this.isCut) return;
    this.end();
    this.history.interrupted();
    this.outcome = null;
    this.#become('cut');
  }

  restore() {
    if (!this.isCut) return;
    this.#open();
  }

  end() {
    const transport = this.#transport;
    this.#transport = null;
    transport?.close();
    this.#catching = null;
  }

  #open() {
    const returning = this.isCut;
    this.#become('opening');
    if (returning) this.#beginCatchingUp();
    const transport = this.definition.open({
      topic: this.#topic,
      since: this.#position,
      // A transport that was cut may still have an answer under way: it belongs to nobody.
      event: (event) => this.#transport === transport && this.#receive(event),
      state: (state) => this.#transport === transport && this.#transportBecame(state),
      gap: (position) => this.#transport === transport && this.#foundGap(position),
      request: () => this.#countRequest(),
    });
    this.#transport = transport;
  }

  #transportBecame(state) {
    if (state === 'lost' && this.state !== 'lost') {
      this.history.interrupted();
    } else if (state === 'open' && this.state === 'lost') {
      this.#beginCatchingUp();
    }
    if (state === 'open') this.history.resumed();
    this.state = state;
    this.#finishCatchingUp();
    this.#changed();
  }

  #countRequest() {
    this.requests += 1;
    this.history.requested(performance.now());
    this.#changed();
  }

  #receive(event) {
    const now = performance.now();
    const { ordinal, isNew } = this.#ledger.delivered(this.cursor, event.position);
    if (isNew && this.#stopwatch.sentAt(event) === null) this.#cameFromElsewhere(now);
    this.received += 1;
    if (ordinal + 1 === this.cursor.next) this.#position = event.position;
    this.#note(event, ordinal, now);
    this.#finishCatchingUp();
    this.#changed();
  }

  #note(event, ordinal, now) {
    const late = this.#catching !== null;
    const sentAt = this.#stopwatch.sentAt(event);
    const latency = sentAt === null ? null : now - sentAt;
    if (late) this.#catching.count += 1;
    if (latency !== null) keep(this.latencies, { latency, late });
    if (latency !== null && !late) {
      this.last = latency;
      keep(this.#timely, latency);
    }
    keep(this.recent, { serial: this.received, number: ordinal + 1, event, latency, late });
    this.history.arrived(now);
  }

  /** Asks where the log ends now, for only the event there tells that everything missed has arrived. */
  async #beginCatchingUp() {
    const catching = { goal: null, count: 0, faults: this.faults };
    this.#catching = catching;
    try {
      catching.goal = await this.#end(this.#topic);
    } catch {
      if (this.#catching === catching) this.#catching = null; // no goal, no claim
    }
    this.#finishCatchingUp();
    this.#changed();
  }

  #finishCatchingUp() {
    const catching = this.#catching;
    if (this.state !== 'open' || !catching?.goal || !this.#hasReached(catching.goal)) return;
    this.#catching = null;
    this.outcome = { count: catching.count, faults: this.faults - catching.faults };
  }

  #hasReached(goal) {
    return goal === this.#position || this.#ledger.ordinal(goal) < this.cursor.next;
  }

  /** The log does not reach back to this lane and goes on after `position`. Told over an open transport only. */
  #foundGap(position) {
    this.#transportBecame('open');
    this.#ledger.interrupted(this.cursor);
    this.#position = position;
    this.#catching = null;
    this.outcome = { gap: true };
    this.#changed();
  }

  #become(state) {
    this.state = state;
    this.#changed();
  }
}

function keep(items, item) {
  items.push(item);
  if (items.length > shown) items.shift();
}
