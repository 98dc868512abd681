// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: Hibiki contributors

import type { Clock } from './clock.js';
import type { Token, TokenSource } from './token-source.js';

export interface EventStreamOptions extends Partial<Clock> {
  /** Position to begin after; see Documentation/protocol.md. */
  since?: string | null;
  withCredentials?: boolean;
  /** Shown as `access_token` in the query, because an `EventSource` can set no headers: let it be short-lived. */
  token?: Token | TokenSource;
  /** Milliseconds before the first try after `EventSource` gave up, at most. Default 1000. */
  baseDelay?: number;
  maxDelay?: number;
  /** Tries in a row before the `close` event; default `Infinity`. */
  maxRetries?: number;
  /** The constructor. Default `globalThis.EventSource`. */
  EventSource?: typeof EventSource;
  /** Where `online` is heard, or `null`. Default the window. */
  network?: EventTarget | null;
}

/** `data` is the parsed JSON, or the text if it is none; undefined for events of the connection itself. */
export type StreamHandler<T = any> = (data: T, event: MessageEvent | Event) => void;

/**
 * Server-Sent Events with typed handlers. Names are those of the stream (`connected`, `gap`, `server:shutdown`,
 * `server:disconnect`, `unsubscribed`, `direct` and the application's own), and of the connection: `open`, `error`,
 * `reconnecting` ({attempt, delay}) and `close` (no more tries, or a `server:disconnect` that says so).
 */
export class EventStream {
  constructor(url: string | URL, options?: EventStreamOptions);
  /** The `id` of the newest event, or what `since` was. */
  readonly lastEventId: string | null;
  /** 0 connecting or waiting to, 1 open, 2 closed for good. */
  readonly readyState: 0 | 1 | 2;
  /** The id that the server gave with `connected`, or `null`. */
  readonly clientId: string | null;
  /** Before or after the connection is there. */
  on(event: 'gap', handler: StreamHandler<{ topics: string[] }>): this;
  on(event: 'connected', handler: StreamHandler<{ clientId: string }>): this;
  on<T = any>(event: string, handler: StreamHandler<T>): this;
  once<T = any>(event: string, handler: StreamHandler<T>): this;
  off(event?: string, handler?: StreamHandler): this;
  close(): void;
}
