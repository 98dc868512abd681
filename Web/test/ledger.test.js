// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: Hibiki contributors

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Ledger } from '../demo/ledger.js';

const at = (number) => `e-${number}`;

/** A ledger with as many lanes. `deliver` gives one of them the events named by their numbers. */
function make(lanes) {
  const ledger = new Ledger();
  const cursors = Array.from({ length: lanes }, () => ledger.cursor());
  const deliver = (lane, ...numbers) => numbers.map((number) => ledger.delivered(cursors[lane], at(number)));
  return { ledger, cursors, deliver };
}

const faults = ({ skipped, twice }) => ({ skipped, twice });
const none = { skipped: 0, twice: 0 };

/** Numbers from 0 up to 1 that are the same in every run (a linear congruential generator). */
function seeded(seed) {
  let state = seed;
  return () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return state / 2 ** 32;
  };
}

/** Hands each lane its events in their order, the lanes in any. */
function interleave(random, sequences, deliver) {
  const next = sequences.map(() => 0);
  for (;;) {
    const open = next.flatMap((index, lane) => (index < sequences[lane].length ? [lane] : []));
    if (open.length === 0) return;
    const lane = open[Math.floor(random() * open.length)];
    deliver(lane, sequences[lane][next[lane]]);
    next[lane] += 1;
  }
}

test('lanes that read the same events in the same order are in step, however far apart', () => {
  const { ledger, cursors, deliver } = make(3);
  assert.deepEqual(deliver(0, 1, 2, 3).map(({ isNew }) => isNew), [true, true, true]);
  assert.deepEqual(deliver(1, 1).map(({ ordinal, isNew }) => [ordinal, isNew]), [[0, false]]);
  assert.deepEqual([ledger.total, ...cursors.map(({ next }) => next)], [3, 3, 1, 0]);
  deliver(2, 1, 2, 3);
  deliver(1, 2, 3);
  assert.deepEqual(cursors.map(faults), [none, none, none]);
  assert.deepEqual(cursors.map(({ next }) => next), [3, 3, 3]);
});

test('a lane that passes over an event which another has delivered has missed it', () => {
  const { cursors, deliver } = make(2);
  deliver(0, 1, 2, 3);
  deliver(1, 1, 3);
  assert.deepEqual(cursors.map(faults), [none, { skipped: 1, twice: 0 }]);
});

test('an event that turns up behind a lane was missed by that lane, and finds its place between the others', () => {
  const { ledger, cursors, deliver } = make(2);
  deliver(0, 1, 3);
  deliver(1, 1, 2, 3);
  assert.deepEqual(cursors.map(faults), [{ skipped: 1, twice: 0 }, none]);
  assert.deepEqual([1, 2, 3].map((number) => ledger.ordinal(at(number))), [0, 1, 2]);
  deliver(0, 4);
  deliver(1, 4);
  assert.deepEqual(cursors.map(faults), [{ skipped: 1, twice: 0 }, none]);
});

test('an event that comes again came twice, and moves nothing', () => {
  const { ledger, cursors, deliver } = make(2);
  deliver(0, 1, 2, 2, 1);
  deliver(1, 1, 2);
  assert.deepEqual(cursors.map(faults), [{ skipped: 0, twice: 2 }, none]);
  assert.deepEqual([ledger.total, cursors[0].next], [2, 2]);
});

test('events in another order are a fault', () => {
  const { cursors, deliver } = make(2);
  deliver(0, 1, 2);
  deliver(1, 2, 1);
  assert.deepEqual(cursors.map(faults), [none, { skipped: 1, twice: 1 }]);
});

test('a publication counts from its acknowledgement or its first delivery, whichever comes before, and once', () => {
  const { ledger, deliver } = make(1);
  ledger.acknowledged(at(1));
  assert.deepEqual([ledger.total, ledger.seen], [1, 0]);
  deliver(0, 1, 2);
  assert.deepEqual([ledger.total, ledger.seen, ledger.elsewhere], [2, 2, 1]);
  ledger.acknowledged(at(2));
  assert.deepEqual([ledger.total, ledger.sent, ledger.elsewhere], [2, 2, 0]);
});

test('a lane that was told of a gap goes on with what comes next, and what it cannot have is no fault', () => {
  const { cursors, deliver, ledger } = make(2);
  deliver(0, 1, 2, 3, 4);
  deliver(1, 1);
  ledger.interrupted(cursors[1]);
  assert.equal(cursors[1].next, null);
  deliver(1, 4, 5);
  deliver(0, 5);
  assert.deepEqual(cursors.map(faults), [none, none]);
  assert.deepEqual(cursors.map(({ unreachable }) => unreachable), [0, 2]);
});

test('what turns up later within a gap belongs to the gap, before it and after it to the faults', () => {
  const { cursors, deliver, ledger } = make(2);
  deliver(0, 1, 3);
  ledger.interrupted(cursors[0]);
  deliver(0, 6, 8);
  deliver(1, 1, 2, 3, 4, 5, 6, 7, 8);
  assert.deepEqual(cursors.map(faults), [{ skipped: 2, twice: 0 }, none]);
  assert.deepEqual(cursors.map(({ unreachable }) => unreachable), [2, 0]);
});

test('a publication that fell into a gap is forgotten until a lane delivers it all the same', () => {
  const { ledger, cursors, deliver } = make(2);
  ledger.acknowledged(at(1));
  ledger.acknowledged(at(2));
  ledger.interrupted(cursors[0]);
  assert.deepEqual([ledger.total, ledger.forgotten, ledger.elsewhere], [0, 2, 0]);
  deliver(1, 1);
  assert.deepEqual([ledger.total, ledger.forgotten, ledger.elsewhere], [1, 1, 0]);
});

test('two gaps in a row are one, and add to the gap of before', () => {
  const { ledger, cursors, deliver } = make(2);
  deliver(0, 1, 2, 3, 4, 5, 6);
  ledger.interrupted(cursors[1]);
  ledger.interrupted(cursors[1]);
  deliver(1, 3);
  ledger.interrupted(cursors[1]);
  deliver(1, 6);
  assert.deepEqual([faults(cursors[1]), cursors[1].unreachable, cursors[1].next], [none, 4, 6]);
});

test('it remembers the last thousands of positions and no more, and goes on counting', () => {
  const { ledger, cursors, deliver } = make(2);
  for (let number = 1; number <= 20_000; number += 1) {
    deliver(0, number);
    if (number > 1000) deliver(1, number - 1000);
  }
  assert.equal(ledger.total, 20_000);
  assert.equal(ledger.ordinal(at(20_000)), 19_999);
  assert.equal(ledger.ordinal(at(1)), undefined);
  assert.deepEqual(cursors.map(faults), [none, none]);
  deliver(1, 19_002);
  assert.deepEqual(faults(cursors[1]), { skipped: 1, twice: 0 });
});

test('no order in which honest lanes take turns looks like a fault', () => {
  for (let seed = 1; seed <= 200; seed += 1) {
    const { ledger, cursors, deliver } = make(4);
    const all = Array.from({ length: 40 }, (_, index) => index + 1);
    interleave(seeded(seed), [all, all, all, all], deliver);
    assert.deepEqual(cursors.map(faults), [none, none, none, none], `seed ${seed}`);
    assert.deepEqual([ledger.total, ...cursors.map(({ next }) => next)], [40, 40, 40, 40, 40], `seed ${seed}`);
  }
});

test('no order in which lanes take turns hides an event that one of them lost or had twice', () => {
  for (let seed = 1; seed <= 200; seed += 1) {
    const random = seeded(seed);
    const { cursors, deliver } = make(4);
    const all = Array.from({ length: 40 }, (_, index) => index + 1);
    const odd = Math.floor(random() * 39);
    const times = random() < 0.5 ? 0 : 2;
    const broken = all.flatMap((number, index) => Array(index === odd ? times : 1).fill(number));
    interleave(random, [all, broken, all, all], deliver);
    const total = cursors.reduce((sum, { skipped, twice }) => sum + skipped + twice, 0);
    assert.ok(total > 0, `seed ${seed}`);
  }
});
