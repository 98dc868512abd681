// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: Hibiki contributors

import type { Backoff } from './backoff.js';
import type { HibikiEvent } from './long-poll.js';
import type { Subscriber, TopicFeed } from './topic-feed.js';

export interface CatchUpOwner {
  backoff: Backoff;
  sleep(milliseconds: number): Promise<void>;
  isPaused(): boolean;
  history(topic: string, since: string): Promise<{ events: HibikiEvent[]; position: string; gap: boolean }>;
  gap(topic: string, since: string, position: string): void;
  error(error: Error, topic: string): void;
}

/** Brings a subscriber that began further back to where the others of its topic are. */
export function catchUp(feed: TopicFeed, subscriber: Subscriber, owner: CatchUpOwner): Promise<void>;
