// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: Hibiki contributors

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Backoff, spread } from '../client/index.js';
import { formatSince, isPosition, isSeen } from '../client/positions.js';
import { parseRetryAfter } from '../client/request.js';

test('a position has an epoch and an offset', () => {
  for (const text of ['5d41c0a2-17', 'a-b-0', 'e-18446744073709551615']) assert.equal(isPosition(text), true, text);
  for (const text of ['', 'latest', 'earliest', '-1', 'e-', 'e-01', 'e-1x', null, 7]) {
    assert.equal(isPosition(text), false, String(text));
  }
});

test('an event is seen if it is of the same epoch and not newer', () => {
  assert.equal(isSeen('e-9', 'e-10'), true);
  assert.equal(isSeen('e-10', 'e-10'), true);
  assert.equal(isSeen('e-11', 'e-10'), false);
  assert.equal(isSeen('e-100', 'e-99'), false);
  assert.equal(isSeen('f-1', 'e-10'), false);
  assert.equal(isSeen('e-1', 'latest'), false);
});

test('offsets beyond 2^53 are told apart', () => {
  assert.equal(isSeen('e-9007199254740993', 'e-9007199254740992'), false);
});

test('one position stands alone, several stand with their topics, percent-encoded', () => {
  assert.equal(formatSince([['a', 'e-1']]), 'e-1');
  assert.equal(formatSince([['a,b=c', 'e-1'], ['日', 'e-2']]), 'a%2Cb%3Dc=e-1,%E6%97%A5=e-2');
});

test('delays stay finite and within the maximum however often they are taken', () => {
  const backoff = new Backoff({ baseDelay: 1000, maxDelay: 30_000, random: () => 0.999 });
  for (let count = 0; count < 2000; count += 1) assert.ok(backoff.next() <= 30_000);
  backoff.reset();
  assert.ok(backoff.next() <= 1000);
  assert.equal(new Backoff({ baseDelay: 0 }).next(), 0);
});

test('a delay that a server asks for is taken from one to two times, and bounded', () => {
  assert.deepEqual([spread(5000, () => 0), spread(5000, () => 0.5), spread(1e12, () => 0)], [5000, 7500, 600_000]);
  assert.deepEqual([spread(-1), spread(NaN), spread(Infinity)], [0, 0, 0]);
});

test('Retry-After is seconds or a date', () => {
  const now = Date.parse('2026-01-01T00:00:00Z');
  assert.equal(parseRetryAfter('7', now), 7000);
  assert.equal(parseRetryAfter('Thu, 01 Jan 2026 00:00:09 GMT', now), 9000);
  assert.equal(parseRetryAfter('Thu, 01 Jan 2020 00:00:00 GMT', now), 0);
  assert.equal(parseRetryAfter('999999999', now), 300_000);
  assert.equal(parseRetryAfter('soon', now), null);
  assert.equal(parseRetryAfter(null, now), null);
});
