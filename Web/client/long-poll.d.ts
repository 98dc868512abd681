// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: Hibiki contributors

import type { Clock } from './clock.js';
import { Emitter } from './emitter.js';
import type { HibikiError } from './hibiki-error.js';
import type { Token, TokenSource } from './token-source.js';

/** An event of the log. */
export interface HibikiEvent<P = any> {
  topic: string;
  /** Absent of an event that no log keeps, such as `typing` in a chat. */
  position?: string;
  event: string;
  payload: P;
  /** Client id of the publisher, `null` if it published over HTTP. */
  from: string | null;
  /** Milliseconds since 1970. */
  timestamp: number;
}

export interface PollAnswer {
  events: HibikiEvent[];
  lastEventId: string;
  gap?: boolean;
}

export interface LongPollOptions extends Partial<Clock> {
  topics?: string | string[];
  /** Position to begin after, `earliest` or `latest`. Default `latest` for a long poll, `earliest` for a short one. */
  since?: string | null;
  /** Seconds for which an answer may wait; 0 is short polling. Default 25. */
  wait?: number;
  /** Milliseconds between two short polls. Default 3000. */
  interval?: number;
  /** Events of one answer, 1 to 1000. Default the server's. */
  limit?: number;
  baseDelay?: number;
  maxDelay?: number;
  headers?: Record<string, string>;
  /** Shown in `Authorization`. */
  token?: Token | TokenSource;
  fetch?: typeof fetch;
  /** Where `online` is heard, or `null`. Default the window. */
  network?: EventTarget | null;
}

export interface LongPollEvents {
  /** The first good answer, and the first after a failure. */
  open: () => void;
  /** Every event, in order. */
  event: (event: HibikiEvent) => void;
  /** Every `200` as a whole, before its events. */
  answer: (answer: PollAnswer) => void;
  /** The log no longer reaches back to `since`; it goes on after `lastEventId`. */
  gap: (gap: { since: string | null; lastEventId: string }) => void;
  /** With `retry` false it was the last request. */
  error: (error: HibikiError) => void;
  /** No more requests. */
  close: () => void;
  [name: string]: (...args: any[]) => void;
}

/** Long polling, and short polling with `wait: 0`. It asks when it is made. */
export class LongPoll extends Emitter<LongPollEvents> {
  constructor(url: string | URL, options?: LongPollOptions);
  /** What the next request gives as `since`. */
  readonly lastEventId: string | null;
  readonly closed: boolean;
  /** Aborts the request in flight; nothing follows but one `close`. */
  close(): void;
}
