// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: Hibiki contributors

export function resolve(url) {
  return new URL(String(url), globalThis.location?.href);
}

export function resolveSocket(url) {
  const resolved = resolve(url);
  if (resolved.protocol === 'http:') resolved.protocol = 'ws:';
  if (resolved.protocol === 'https:') resolved.protocol = 'wss:';
  // A fragment makes the WebSocket constructor throw.
  resolved.hash = '';
  return resolved.href;
}

export function resolveBase(url) {
  const base = resolve(url ?? '/');
  base.search = '';
  base.hash = '';
  if (!base.pathname.endsWith('/')) base.pathname += '/';
  return base.href;
}

export function eventsURL(url, topics, parameters = {}) {
  const address = resolve(url);
  for (const topic of topics) address.searchParams.append('topic', topic);
  for (const [name, value] of Object.entries(parameters)) {
    if (value !== null && value !== undefined) address.searchParams.set(name, String(value));
  }
  return address.href;
}
