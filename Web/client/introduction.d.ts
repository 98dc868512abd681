// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: Hibiki contributors

import type { Clock } from './clock.js';
import type { HibikiError } from './hibiki-error.js';
import type { TokenSource } from './token-source.js';

export interface IntroductionOwner {
  connect(token: string, done: () => void, refused: (error: HibikiError) => void): void;
  /** The server knows who the client is, or the client is anonymous. Called once. */
  known(): void;
  failed(error: HibikiError, isKnown: boolean): void;
}

/** Says who the client is on one connection of the native protocol, and again when the server asks. */
export class Introduction {
  constructor(token: TokenSource | null, clock: Clock, owner: IntroductionOwner);
  start(): void;
  /** The token has so many milliseconds left. */
  expires(timeLeft: unknown): void;
  /** Nothing is said any more. */
  stop(): void;
}
