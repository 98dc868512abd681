// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: Hibiki contributors

/** Against the address of the page, where there is one. */
export function resolve(url: string | URL): URL;
/** The same with `ws:` or `wss:`. */
export function resolveSocket(url: string | URL): string;
/** Without query, ending with `/`, so that `ws` and `v1/events` stand below it. */
export function resolveBase(url?: string | URL): string;
/** `url` with topics and parameters in its query; those that are null are left out. */
export function eventsURL(url: string | URL, topics: Iterable<string>, parameters?: Record<string, unknown>): string;
