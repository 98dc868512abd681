// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: Hibiki contributors

/**
 * A token that shows who the client is, or a function that gives one: it is asked before the first use, and again when
 * the server says that the token runs out or is not accepted. `null` for an anonymous client.
 */
export type Token = string | (() => string | null | undefined | Promise<string | null | undefined>);

/** Where a client takes its token from. What it gave is kept until it is used up. */
export class TokenSource {
  static from(token?: Token | TokenSource | null): TokenSource | null;
  constructor(token: Token);
  /** Whether there may be another one. */
  readonly canRenew: boolean;
  /** Rejects with `token_unavailable`, which may be tried again, if the function throws. */
  get(): Promise<string | null>;
  /** Another one than `old`, asked for once for all who have `old`. */
  renew(old: string | null): Promise<string | null>;
}

/**
 * Milliseconds until a token should be replaced that has `timeLeft`, and was shown for `age`. At once, unless it is one
 * that never had more ahead of it: it would be replaced without end.
 */
export function renewalDelay(timeLeft: unknown, age: number): number;
