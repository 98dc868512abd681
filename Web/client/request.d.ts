// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: Hibiki contributors

import type { Clock } from './clock.js';
import type { TokenSource } from './token-source.js';

export interface RequestOptions extends Partial<Clock> {
  method?: string;
  /** Sent as JSON. */
  body?: unknown;
  headers?: Record<string, string>;
  /** Milliseconds until the request is given up with `timeout`. Default 10000. */
  timeout?: number;
  signal?: AbortSignal;
  fetch?: typeof fetch;
  /** Whose token is shown; another one if the server does not take it. */
  token?: TokenSource | null;
}

export interface Answer {
  status: number;
  headers: Headers;
  /** The parsed JSON, or `null` for a status without a body. */
  body: any;
}

/** Asks for JSON. Every failure is a `HibikiError`; `closed` if `signal` ended it. */
export function request(url: string | URL, options?: RequestOptions): Promise<Answer>;

/** Milliseconds of a `Retry-After` header (seconds or a date), or `null`. */
export function parseRetryAfter(value: string | null, now: number): number | null;
