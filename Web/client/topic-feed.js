// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: Hibiki contributors

import { isPosition, isSeen } from './positions.js';

/** What this client has seen of one topic, and who listens to it. */
export class TopicFeed {
  subscribers = new Set();
  #accepted = false;

  constructor(topic, position) {
    this.topic = topic;
    this.position = position;
  }

  /** Whether the server took the topic and its position is known, so that it may stand in a request with others. */
  get settled() {
    return this.#accepted && isPosition(this.position);
  }

  settle(position) {
    this.#accepted = true;
    // Another transport may be further already.
    if (position !== undefined && !isSeen(position, this.position)) this.position = position;
  }

  unsettle() {
    this.#accepted = false;
  }

  accept(event) {
    if (isSeen(event.position, this.position)) return;
    // An event that no log keeps has none.
    if (event.position !== undefined) this.position = event.position;
    for (const subscriber of [...this.subscribers]) {
      if (subscriber.live) subscriber.hand(event);
    }
  }
}

/** One call of `subscribe`. `position` is where its handler stands, which is behind the feed while it catches up. */
export class Subscriber {
  active = true;

  constructor(topic, handler, position, live) {
    this.topic = topic;
    this.handler = handler;
    this.position = position;
    this.live = live;
  }

  hand(event) {
    if (!this.active || isSeen(event.position, this.position)) return;
    if (event.position !== undefined) this.position = event.position;
    this.handler(event);
  }
}
