// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: Hibiki contributors

/** What a server refused, or what could not be done. */
export class HibikiError extends Error {
  constructor(code: string, message: string, details?: {
    retry?: boolean; status?: number; retryAfter?: number | null; topic?: string; cause?: unknown;
  });
  /**
   * For programs. The server's codes (Documentation/protocol.md) and those made here: `network`, `timeout`, `http`,
   * `closed`, `unsupported`, `not_connected`, `queue_full`, `outcome_unknown`.
   */
  readonly code: string;
  /** Whether the same request may succeed later. */
  readonly retry: boolean;
  /** The HTTP status; 0 where there was none. */
  readonly status: number;
  /** Milliseconds that the server asked to wait, or `null`. */
  readonly retryAfter: number | null;
  readonly topic?: string;
}

/** Somebody who runs the server has taken the client out of a topic. */
export function takenOut(topic: string): HibikiError;
/** Somebody who runs the server has ended the client, and asks it not to come back. */
export function disconnected(reason?: string): HibikiError;
