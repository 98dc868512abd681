// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: Hibiki contributors

import type { Clock } from './clock.js';
import type { HibikiEvent } from './long-poll.js';
import type { TokenSource } from './token-source.js';

export interface EventsAPIOptions {
  requestTimeout?: number;
  fetch?: typeof fetch;
  token?: TokenSource | null;
}

/** Requests to `/v1/events`. Every failure is a `HibikiError`. */
export class EventsAPI {
  constructor(url: string, options: EventsAPIOptions, clock: Clock);
  /** A page of a topic's log. */
  history(topic: string, since: string, limit?: number): Promise<{ events: HibikiEvent[]; position: string; gap: boolean }>;
  /** @returns an answer for each of the messages, in their order. All of them are stored, or none. */
  publish(messages: object[]): Promise<{ position: string; duplicate?: boolean }[]>;
  /** Ends the requests that are not answered yet. */
  close(): void;
}
