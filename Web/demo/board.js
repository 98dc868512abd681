// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: Hibiki contributors

import { request } from '/client/request.js';
import { query } from './commands.js';
import { History } from './history.js';
import { Lane } from './lane.js';
import { Ledger } from './ledger.js';
import { Publisher } from './publisher.js';
import { transports } from './transports.js';

/** A topic, its four lanes, and what this page publishes to it. */
export class Board {
  #publisher = new Publisher();
  #changed;
  #ended = false;

  constructor(topic, changed) {
    this.topic = topic;
    this.#changed = changed;
    this.ledger = new Ledger();
    this.arrivals = new History();
    const cameFromElsewhere = (at) => this.arrivals.arrived(at);
    const shared = { ledger: this.ledger, stopwatch: this.#publisher, end: endOfLog, changed, cameFromElsewhere };
    this.lanes = transports.map((transport) => new Lane(transport, shared));
  }

  /** Asks where the log ends and lets all lanes begin there. Throws `HibikiError`. */
  async begin() {
    const position = await endOfLog(this.topic);
    if (this.#ended) return;
    for (const lane of this.lanes) lane.begin(this.topic, position);
  }

  end() {
    this.#ended = true;
    for (const lane of this.lanes) lane.end();
  }

  async publish(texts) {
    const now = performance.now();
    this.arrivals.requested(now);
    this.arrivals.arrived(now, texts.length);
    const positions = await this.#publisher.publish(this.topic, texts);
    for (const position of positions) this.ledger.acknowledged(position);
    this.#changed();
  }
}

async function endOfLog(topic) {
  const { body } = await request(`/v1/events?topic=${query(topic)}&since=latest`);
  return body.lastEventId;
}
