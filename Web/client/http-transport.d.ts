// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: Hibiki contributors

import type { Clock } from './clock.js';
import type { HibikiClientOptions, Transport } from './hibiki-client.js';
import type { HibikiError } from './hibiki-error.js';
import type { HibikiEvent } from './long-poll.js';
import type { TopicFeed } from './topic-feed.js';

/** What a transport is told by HibikiClient, and tells it. */
export interface TransportOwner {
  readonly feeds: Map<string, TopicFeed>;
  readonly clock: Clock;
  readonly options: HibikiClientOptions;
  url(path: string): string;
  deliver(feed: TopicFeed, event: HibikiEvent): void;
  gap(feed: TopicFeed, position: string): void;
  refuse(feed: TopicFeed, error: HibikiError): void;
  error(error: HibikiError): void;
  ready(transport: ClientTransport): void;
  failed(transport: ClientTransport, error: HibikiError, isFinal: boolean): void;
  /** The server has ended the client, over whichever transport, and asks it not to come back. */
  ended(error: HibikiError): void;
  message(type: 'broadcast' | 'direct', message: object): void;
  shutdown(notice: object): void;
  published(id: string, position: string): void;
  publishRefused(id: string, error: HibikiError): void;
}

export interface ClientTransport {
  readonly name: Transport;
  readonly clientId: string | null;
  start(): void;
  stop(): void;
  /** From now on this transport carries the topics of the owner. */
  carry(): void;
  /** Topics came or went. */
  changed(): void;
}

/** Server-Sent Events, long polls or short polls of all topics together, for HibikiClient. */
export class HTTPTransport implements ClientTransport {
  constructor(owner: TransportOwner, name: 'sse' | 'longpoll' | 'poll');
  readonly name: 'sse' | 'longpoll' | 'poll';
  readonly clientId: string | null;
  start(): void;
  stop(): void;
  carry(): void;
  changed(): void;
}
