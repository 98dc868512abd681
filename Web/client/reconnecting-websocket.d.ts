// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: Hibiki contributors

import type { Clock } from './clock.js';
import { Emitter } from './emitter.js';

export interface MessageCodec {
  encode(message: any): string | ArrayBuffer | Uint8Array;
  decode(data: string | ArrayBuffer): unknown;
}

export interface ReconnectingWebSocketOptions extends Partial<Clock> {
  /** Subprotocols to offer. */
  protocols?: string | string[];
  /**
   * By the name of a subprotocol, how its messages are written and read. Default JSON for all. What `decode` throws comes out of the
   * handler of the platform's `message`; where there are codecs, what waits for a connection is written when it goes out.
   */
  codecs?: Record<string, MessageCodec>;
  /** Tries in a row before `maxRetriesReached`; `Infinity` is allowed. Default 10. */
  maxRetries?: number;
  /** Milliseconds before the first try, at most. Default 1000. */
  baseDelay?: number;
  /** Milliseconds that no delay between two tries exceeds. Default 30000. */
  maxDelay?: number;
  /** Messages held while there is no connection; beyond it `send` throws `queue_full`. Default 1000. */
  maxQueue?: number;
  /** Milliseconds in which a connection must open. Default 15000. */
  connectTimeout?: number;
  /** Milliseconds after which an open but silent connection counts as good: tries start from 0 again. Default 5000. */
  provenAfter?: number;
  /** The constructor. Default `globalThis.WebSocket`. */
  WebSocket?: typeof WebSocket;
  /** Where `online` and `offline` are heard, or `null`. Default the window. */
  network?: EventTarget | null;
  /** Whether the network is there. Default `navigator.onLine`, true where that is missing. */
  isOnline?: () => boolean;
}

/** What `close` handlers get. */
export interface SocketClose {
  code: number;
  reason: string;
  wasClean: boolean;
  /** Whether another connection follows by itself. */
  willReconnect: boolean;
}

export interface ReconnectingWebSocketEvents {
  open: () => void;
  /** The parsed JSON, or the text (or bytes) as it came if it is no JSON. */
  message: (data: any) => void;
  close: (event: SocketClose) => void;
  error: (error: unknown) => void;
  /** The next try will be made after `delay` milliseconds. */
  reconnecting: (event: { attempt: number; delay: number }) => void;
  maxRetriesReached: () => void;
  'server:shutdown': (message: { message?: string; reconnectDelay?: number }) => void;
  /** Messages that are objects with a `type` are events of that name too. */
  [type: string]: (...args: any[]) => void;
}

/** A WebSocket that comes back by itself. It connects when it is made. */
export class ReconnectingWebSocket extends Emitter<ReconnectingWebSocketEvents> {
  constructor(url: string | URL, options?: ReconnectingWebSocketOptions);
  readonly url: string;
  /** As in `WebSocket`: 0 connecting or waiting to, 1 open, 2 closing, 3 closed for good. */
  readonly readyState: 0 | 1 | 2 | 3;
  /** The subprotocol that the server chose, or ''. */
  readonly protocol: string;
  /** Messages that wait for a connection. */
  readonly queued: number;
  /** Tries since the last good connection. */
  readonly retryCount: number;
  /**
   * Sends text as it is, bytes as they are, anything else as JSON; before `open` it waits in the queue.
   * @throws HibikiError `queue_full`, or `closed` after the end. */
  send(data: unknown): void;
  /** Connects now instead of after the delay, or again after `maxRetriesReached`, a final close code or `close()`. */
  connect(): void;
  /** Drops the connection, if there is one, and comes back after the usual delay. */
  reconnect(): void;
  /** Ends it for good, at any time: nothing follows but one `close`. What still waited in the queue is not sent. */
  close(code?: number, reason?: string): void;
}

/** Whether a connection that was closed with `code` may come back. */
export function mayComeBack(code: number): boolean;
