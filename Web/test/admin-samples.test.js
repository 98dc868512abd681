// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: Hibiki contributors

import assert from 'node:assert/strict';
import test from 'node:test';

import * as format from '../admin/format.js';
import { hits, limits, others } from '../admin/limit-words.js';
import { fields, fits, Lines } from '../admin/lines.js';
import { Samples, series, span } from '../admin/samples.js';

const sample = (time, values, loopDelay = 0) => ({ time, loopDelay, values });
const messages = (time, number) => sample(time, { websocket_messages_total: { 'inbound text': number } });
const read = series('websocket_messages_total', 'inbound text');

function samplesOf(...list) {
  const samples = new Samples();
  for (const one of list) samples.add(one);
  return samples;
}

test('a rate is the growth between two samples, whatever lies between them', () => {
  const samples = samplesOf(messages(0, 10), messages(1000, 30), messages(6000, 80));
  assert.deepEqual(samples.rate(read), [{ time: 1000, value: 20 }, { time: 6000, value: 10 }]);
});

test('a counter that has fallen is one of a server that was started anew, and no rate', () => {
  const samples = samplesOf(messages(0, 10), messages(1000, 3), messages(2000, 5));
  assert.deepEqual(samples.rate(read).map(({ value }) => value), [NaN, 2]);
});

test('a mean is there only where something was measured', () => {
  const latency = (time, count, sum) => sample(time, { latency: { count, sum } });
  const samples = samplesOf(latency(0, 0, 0), latency(1000, 4, 2), latency(2000, 4, 2));
  const means = samples.ratio(series('latency', 'sum'), series('latency', 'count'));
  assert.deepEqual(means.map(({ value }) => value), [0.5, NaN]);
});

test('samples are kept for five minutes, and none twice', () => {
  const samples = new Samples();
  for (let second = 0; second <= 400; second += 1) samples.add(messages(second * 1000, second));
  samples.add(messages(400_000, 0));
  assert.equal(samples.last.time, 400_000);
  assert.ok(samples.list[1].time >= 400_000 - span);
  assert.equal(samples.list[1].time, 100_000);
});

test('the growth of a counter is counted from the last start of the server', () => {
  const samples = samplesOf(messages(0, 100), messages(1000, 120), messages(2000, 5), messages(3000, 9));
  assert.equal(samples.growth(read), 4);
  assert.equal(samplesOf(messages(0, 100), messages(400_000, 120)).growth(read, 60_000), 0);
});

test('a series sums what it is asked for, and what is not there is nothing', () => {
  const one = sample(0, { family: { a: 1, b: 2, c: 4 } });
  assert.equal(series('family')(one), 7);
  assert.equal(series('family', 'a', 'c', 'd')(one), 5);
  assert.equal(series('other', 'a')(one), 0);
  assert.ok(Number.isNaN(series('other')(one)));
});

test('budgets are shown under the names of their settings, and limits that this page does not know too', () => {
  const samples = samplesOf(sample(0, { hibiki_refusals_total: { head: 1, 'a-new-one': 3, connects: 2 } }));
  assert.deepEqual(others(samples).map(({ title, setting }) => [title, setting]), [['a-new-one', ''], ['New connections', 'connects']]);
  assert.equal(hits(samples, limits.find(({ label }) => label === 'head')).total, 1);
});

const line = (number, level, message, more = {}) => ({ number, line: { time: '', level, label: 'l', message, ...more } });

test('a line that comes twice is shown once', () => {
  const lines = new Lines();
  assert.equal(lines.add([line(1, 'info', 'a'), line(2, 'info', 'b')]).length, 2);
  assert.deepEqual(lines.add([line(2, 'info', 'b'), line(3, 'info', 'c')]).map(({ number }) => number), [3]);
  assert.equal(lines.missed, 0);
  lines.add([line(9, 'info', 'd')]);
  assert.equal(lines.missed, 5);
});

test('the lines of a server that was started anew take the place of the old ones', () => {
  const lines = new Lines();
  lines.add([line(40, 'info', 'a'), line(41, 'info', 'b')]);
  lines.replace([line(1, 'info', 'c')]);
  assert.equal(lines.add([line(2, 'info', 'd')]).length, 1);
  lines.list.pop();
  assert.deepEqual(lines.list.map(({ number }) => number), [1]);
});

test('lines are filtered by level and by all of the words', () => {
  const one = line(1, 'warning', 'connection refused', { address: '192.0.2.1' });
  assert.ok(fits(one, 'trace', []));
  assert.ok(fits(one, 'warning', ['refused', '192.0.2']));
  assert.ok(!fits(one, 'error', []));
  assert.ok(!fits(one, 'trace', ['refused', '192.0.3']));
  assert.deepEqual(fields(one.line), [['address', '192.0.2.1']]);
});

test('figures are short and say their unit', () => {
  assert.deepEqual([0, 0.4, 12.55, 940.4, 9994, 12_500, 2_340_000].map(format.short),
    ['0', '0.4', '12.6', '940', '9,994', '12.5k', '2.34M']);
  assert.deepEqual([0, 999, 1024, 1_500_000, 5 << 20].map(format.bytes), ['0 B', '999 B', '1 KiB', '1.43 MiB', '5 MiB']);
  assert.deepEqual([0.0000004, 0.00042, 0.0123, 1.5].map(format.seconds), ['0.4 µs', '420 µs', '12.3 ms', '1.5 s']);
  assert.deepEqual([0, 59_000, 61_000, 3_600_000, 90_061_000].map(format.age),
    ['0 s', '59 s', '1 min 1 s', '1 h', '1 d 1 h']);
  assert.equal(format.short(NaN), format.nothing);
});
