// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: Hibiki contributors

import type { HibikiClientOptions, Transport } from './hibiki-client.js';
import type { TokenSource } from './token-source.js';

/** What a client was given, with the defaults of `HibikiClientOptions` where it was given nothing. */
export function withDefaults(options: HibikiClientOptions): HibikiClientOptions & { token: TokenSource | null };

/** A copy of `names`, or all; throws a `TypeError` if there is none, or one that is unknown. */
export function checkTransports(names?: Transport[]): Transport[];

/** Throws if it is no name that a request could carry. */
export function checkTopic(topic: unknown): asserts topic is string;
export function checkHandler(handler: unknown): void;
