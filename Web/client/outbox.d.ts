// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: Hibiki contributors

import type { Clock } from './clock.js';
import type { HibikiError } from './hibiki-error.js';

export interface OutgoingPublication {
  topic: string;
  event: string;
  payload: unknown;
  id: string;
}

export interface OutboxOptions {
  /** Unanswered publications; beyond it `add` rejects with `queue_full`. */
  limit: number;
  clock: Clock;
  baseDelay?: number;
  maxDelay?: number;
  route: {
    /** Sends over the WebSocket, or `null` while there is none. */
    socket(): ((message: object) => void) | null;
    mayPost(): boolean;
    /** Answers in the order of the messages; rejects with a HibikiError. */
    post(messages: OutgoingPublication[]): Promise<{ position: string }[]>;
  };
}

export class Outbox {
  constructor(options: OutboxOptions);
  readonly size: number;
  /** `bytes` is its size as JSON. */
  add(message: OutgoingPublication, bytes: number): Promise<string>;
  wake(): void;
  socketLost(): void;
  has(id: unknown): boolean;
  answered(id: string, position: string): void;
  refused(id: string, error: HibikiError): void;
  close(): void;
}
