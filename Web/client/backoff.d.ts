// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: Hibiki contributors

import type { Clock } from './clock.js';

export interface BackoffOptions {
  /** Milliseconds before the first repetition, at most. Default 1000. */
  baseDelay?: number;
  /** Milliseconds that no delay exceeds. Default 30000. */
  maxDelay?: number;
  random?: Clock['random'];
}

/** Delays that double from `baseDelay` to `maxDelay`, each cut by a random part of up to one half. */
export class Backoff {
  constructor(options?: BackoffOptions);
  /** How many delays were taken since the last `reset`. */
  readonly attempts: number;
  /** The next delay in milliseconds. */
  next(): number;
  reset(): void;
}

/**
 * `milliseconds` and up to as many again, so that all clients of one server do not come back at once; at most ten
 * minutes.
 */
export function spread(milliseconds: number, random?: Clock['random']): number;
