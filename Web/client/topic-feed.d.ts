// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: Hibiki contributors

import type { HibikiEvent } from './long-poll.js';

export class TopicFeed {
  constructor(topic: string, position: string);
  readonly topic: string;
  /** Of the newest event handed on, or where to begin. */
  position: string;
  readonly subscribers: Set<Subscriber>;
  readonly settled: boolean;
  settle(position?: string): void;
  unsettle(): void;
  /** Hands a new event on; drops one that was seen. */
  accept(event: HibikiEvent): void;
}

export class Subscriber {
  constructor(topic: string, handler: (event: HibikiEvent) => void, position: string, live: boolean);
  readonly topic: string;
  position: string;
  /** Whether it takes what the feed takes; false while it catches up. */
  live: boolean;
  active: boolean;
  hand(event: HibikiEvent): void;
}
