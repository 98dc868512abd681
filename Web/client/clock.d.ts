// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: Hibiki contributors

/** Time and chance, as options, so that tests decide them. */
export interface Clock {
  setTimeout(callback: () => void, milliseconds: number): unknown;
  clearTimeout(timer: unknown): void;
  /** Milliseconds since 1970. */
  now(): number;
  /** At least 0, below 1. */
  random(): number;
}

/** Fills what `options` leaves out with the platform's own. */
export function clockFrom(options?: Partial<Clock>): Clock;
