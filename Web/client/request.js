// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: Hibiki contributors

import { clockFrom } from './clock.js';
import { HibikiError } from './hibiki-error.js';

const longestRetryAfter = 300_000;

export async function request(url, options = {}) {
  const { token } = options;
  if (!token) return ask(url, options);
  const shown = await token.get();
  try {
    return await ask(url, withToken(shown, options));
  } catch (error) {
    if (error.status !== 401 || !token.canRenew) throw error;
    return ask(url, withToken(await token.renew(shown), options));
  }
}

function withToken(token, options) {
  return token === null ? options : { ...options, headers: { ...options.headers, authorization: `Bearer ${token}` } };
}

async function ask(url, options) {
  const { method = 'GET', body, headers = {}, timeout = 10_000, signal } = options;
  const clock = clockFrom(options);
  const fetch = options.fetch ?? ((...args) => globalThis.fetch(...args));
  const abort = new AbortController();
  let late = false;
  const timer = clock.setTimeout(() => {
    late = true;
    abort.abort();
  }, timeout);
  const stop = () => abort.abort();
  if (signal?.aborted) stop();
  signal?.addEventListener('abort', stop);
  try {
    const response = await fetch(String(url), {
      method,
      headers: body === undefined ? headers : { 'content-type': 'application/json', ...headers },
      body: body === undefined ? undefined : JSON.stringify(body),
      cache: 'no-store',
      signal: abort.signal,
    });
    return await read(response, clock);
  } catch (error) {
    if (signal?.aborted) throw new HibikiError('closed', 'the request was given up because its owner closed');
    if (late) throw new HibikiError('timeout', `no answer within ${timeout} ms`, { retry: true });
    if (error instanceof HibikiError) throw error;
    throw new HibikiError('network', `the request failed: ${error?.message ?? error}`, { retry: true, cause: error });
  } finally {
    clock.clearTimeout(timer);
    signal?.removeEventListener('abort', stop);
  }
}

async function read(response, clock) {
  const text = await response.text();
  const body = parseJSON(text);
  if (response.ok) {
    // A 200 that is no JSON is a proxy's page or a cut answer, never the server's word.
    if (response.status !== 204 && body === undefined) {
      throw new HibikiError('http', 'the answer is not JSON', { retry: true, status: response.status });
    }
    return { status: response.status, headers: response.headers, body: body ?? null };
  }
  const told = body?.error ?? {};
  throw new HibikiError(
    typeof told.code === 'string' ? told.code : 'http',
    typeof told.message === 'string' ? told.message : `the server answered ${response.status}`,
    {
      status: response.status,
      retry: typeof told.retry === 'boolean' ? told.retry : isPassing(response.status),
      // More exact than the field, which has whole seconds.
      retryAfter: typeof told.retryAfter === 'number'
        ? told.retryAfter : parseRetryAfter(response.headers.get('retry-after'), clock.now()),
    },
  );
}

function isPassing(status) {
  return status >= 500 || status === 408 || status === 429;
}

function parseJSON(text) {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

export function parseRetryAfter(value, now) {
  if (value === null || value === undefined) return null;
  const milliseconds = /^\s*\d+\s*$/.test(value) ? Number(value) * 1000 : Date.parse(value) - now;
  if (Number.isNaN(milliseconds)) return null;
  return Math.min(longestRetryAfter, Math.max(0, milliseconds));
}
