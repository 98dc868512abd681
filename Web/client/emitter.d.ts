// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: Hibiki contributors

/** Names of events and what their handlers are given. */
export type Handlers = Record<string, (...args: any[]) => void>;

/**
 * Named events. Handlers run in the order in which they were added; one that throws does not stop the others: what it
 * threw goes to the `error` handlers, or to `reportError` (the console where that is missing) if there are none.
 */
export class Emitter<H extends Handlers = Handlers> {
  on<K extends keyof H & string>(name: K, handler: H[K]): this;
  /** Like `on`, for one time. */
  once<K extends keyof H & string>(name: K, handler: H[K]): this;
  /** Removes one handler, all of `name`, or all. */
  off<K extends keyof H & string>(name?: K, handler?: H[K]): this;
  /** @returns whether anybody listened. */
  emit<K extends keyof H & string>(name: K, ...args: Parameters<H[K]>): boolean;
  listenerCount(name: keyof H & string): number;
}

/** Reports what a handler threw where nobody listens for `error`. */
export function report(error: unknown): void;
