// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: Hibiki contributors

import type { Clock } from './clock.js';
import { Emitter } from './emitter.js';
import type { HibikiError } from './hibiki-error.js';
import type { HibikiEvent } from './long-poll.js';
import type { Token, TokenSource } from './token-source.js';

export type Transport = 'websocket' | 'sse' | 'longpoll' | 'poll';
export type State = 'connecting' | 'connected' | 'paused' | 'closed';

export interface HibikiClientOptions extends Partial<Clock> {
  /** From the best to the last resort. Default all four in the order websocket, sse, longpoll, poll. */
  transports?: Transport[];
  /** In what the WebSocket carries messages; the server's answer decides where it knows only JSON. Default `json`. */
  protocol?: 'json' | 'protobuf';
  /** Milliseconds in which a transport must have said its first word. Default 5000. */
  openTimeout?: number;
  /** Failures in a row after which the next transport is tried. Default 2. */
  maxFailures?: number;
  /** Milliseconds after which a better transport is tried again; doubles up to ten minutes. Default 30000. */
  upgradeDelay?: number;
  /** Milliseconds between tries of one transport. Default 1000 to 30000. */
  baseDelay?: number;
  maxDelay?: number;
  /** Milliseconds between two signs of life on a quiet WebSocket. Default 25000. */
  heartbeat?: number;
  /** Milliseconds in which a request must be answered. Default 10000. */
  requestTimeout?: number;
  /** Seconds that a long poll waits. Default 25. */
  wait?: number;
  /** Milliseconds between two short polls. Default 3000. */
  interval?: number;
  /** Publications that may be unanswered at one time; beyond it `publish` rejects with `queue_full`. Default 1000. */
  maxQueue?: number;
  withCredentials?: boolean;
  /** Who the client is. Default anonymous. */
  token?: Token | TokenSource;
  WebSocket?: typeof WebSocket;
  EventSource?: typeof EventSource;
  fetch?: typeof fetch;
  network?: EventTarget | null;
}

export interface SubscribeOptions {
  /** Position to begin after, `earliest` or `latest`. Default `latest`. */
  since?: string;
}

export interface Subscription {
  readonly topic: string;
  /**
   * Of the last event handed on, or where it began; `null` until the server said where `latest` is. Good as `since` of
   * another time.
   */
  readonly position: string | null;
  unsubscribe(): void;
}

export interface Gap {
  topic: string;
  /** The last position before the gap. */
  since: string | null;
  /** The events after this one follow. */
  position: string | null;
}

export interface DirectMessage<P = any> {
  from: string | null;
  payload: P;
  timestamp: number;
}

export interface HibikiClientEvents {
  /** The transport that carries events from now on. */
  transport: (transport: Transport) => void;
  state: (state: State) => void;
  /** Events were lost for good: read the state of the topic anew. */
  gap: (gap: Gap) => void;
  /** Failed transports (`retry` true), refused topics and publications (`topic` set), and what handlers threw. */
  error: (error: HibikiError | Error) => void;
  shutdown: (notice: { message?: string; reconnectDelay?: number }) => void;
  /** WebSocket only. */
  broadcast: (message: DirectMessage) => void;
  /** WebSocket and Server-Sent Events. */
  direct: (message: DirectMessage) => void;
  [name: string]: (...args: any[]) => void;
}

/**
 * One object for an application: it chooses a transport, falls back to the next and returns to the better one, and a
 * listener sees every event once and in order all the while.
 */
export class HibikiClient extends Emitter<HibikiClientEvents> {
  /** @param baseURL Where the server is; a path is kept. Default the origin of the page. */
  constructor(baseURL?: string | URL, options?: HibikiClientOptions);
  readonly baseURL: string;
  /** That carries events now, or `null`. */
  readonly transport: Transport | null;
  readonly state: State;
  /** Given by the server for the connection; `null` while there is none, and over polls. */
  readonly clientId: string | null;
  /** Publications that are not answered yet. */
  readonly unanswered: number;

  subscribe<P = any>(topic: string, handler: (event: HibikiEvent<P>) => void, options?: SubscribeOptions): Subscription;
  /**
   * Over the WebSocket if it is there, else by POST; waits while there is no network, and is sent again until answered,
   * but stored once. `outcome_unknown` after four and a half minutes without an answer: it may be stored or not.
   * A rejection is also an `error` event, and is not an unhandled one if nobody looks.
   * @returns the position of the event.
   */
  publish(topic: string, event: string, payload: unknown, options?: { id?: string }): Promise<string>;
  /** To all other connections; not stored. WebSocket only. */
  broadcast(payload: unknown): Promise<void>;
  /** To one client; not stored. WebSocket only. @returns whether it was delivered. */
  direct(targetId: string, payload: unknown): Promise<boolean>;
  /** A command of the chat, such as `presence`, for this connection. WebSocket only. @returns its answer. */
  chat<R = any>(command: string, payload?: object): Promise<R>;
  history<P = any>(topic: string, options?: { since?: string; limit?: number }):
    Promise<{ events: HibikiEvent<P>[]; position: string; gap: boolean }>;
  /** Who is subscribed. WebSocket only. */
  presence(topic: string): Promise<{ topic: string; count: number; clients: string[] }>;
  /**
   * Uses this transport only, or with `null` chooses by itself again.
   * @returns a promise that is fulfilled when the transport carries the events, or when something else took its place.
   */
  use(transport: Transport | null): Promise<void>;
  /** Cuts the connection and keeps subscriptions and positions. */
  pause(): void;
  /** Comes back after `pause`, with everything that was published in between. */
  resume(): void;
  /** Ends it for good: no timer, request or connection is left; unanswered publications are rejected with `closed`. */
  close(): void;
}
