// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: Hibiki contributors

import assert from 'node:assert/strict';
import { test } from 'node:test';
import {
  attributesOf, difference, endOf, hasMark, lineAt, linesIn, linesOf, marksAt, shifted, textOf,
} from '../documents/lines.js';

const delta = [
  { insert: 'Title' }, { insert: '\n', attributes: { header: 1 } }, { insert: 'so' },
  { insert: 'on', attributes: { bold: true } }, { insert: '\n\n', attributes: { list: 'bullet' } }, { insert: 'end' },
];

test('a line is what its end says, and the last is a paragraph', () => {
  assert.deepEqual(linesOf(delta).map(({ kind, start, length }) => [kind, start, length]),
    [['h1', 0, 5], ['bullet', 6, 4], ['bullet', 11, 0], ['p', 12, 3]]);
  assert.equal(textOf(linesOf(delta)), 'Title\nsoon\n\nend');
  assert.deepEqual(linesOf([]).map(({ kind, length }) => [kind, length]), [['p', 0]]);
});

test('attributes that nobody here knows change nothing, and what is no text takes one place', () => {
  const [line] = linesOf([{ insert: 'a', attributes: { link: 'javascript:1', header: 9 } }, { insert: { image: 'x' } }]);
  assert.deepEqual(line.runs, [{ text: 'a\uFFFC', bold: false, italic: false }]);
  assert.equal(linesOf([{ insert: '\n', attributes: { header: 9, list: 'x' } }])[0].kind, 'p');
});

test('the attributes of a kind take those of the others away', () => {
  assert.deepEqual(attributesOf('h2'), { header: 2, list: null });
  assert.deepEqual(attributesOf('ordered'), { header: null, list: 'ordered' });
  assert.deepEqual(attributesOf('p'), { header: null, list: null });
});

test('a place is in one line, a stretch in all that it touches', () => {
  const lines = linesOf(delta);
  assert.deepEqual([0, 5, 6, 10, 11, 12, 99].map((index) => lines.indexOf(lineAt(lines, index))), [0, 0, 1, 1, 2, 3, 3]);
  assert.deepEqual(linesIn(lines, 5, 11).map((line) => lines.indexOf(line)), [0, 1, 2]);
});

test('what is typed looks as what is before it in the line', () => {
  const lines = linesOf(delta);
  assert.deepEqual([6, 8, 9, 10, 11].map((index) => marksAt(lines, index).bold), [false, false, true, true, false]);
  assert.deepEqual([hasMark(lines, 8, 10, 'bold'), hasMark(lines, 7, 10, 'bold'), hasMark(lines, 8, 11, 'bold'),
    hasMark(lines, 11, 11, 'bold')], [true, false, true, false]);
});

test('a place moves with what is written or taken away before it', () => {
  assert.equal(shifted(5, [{ retain: 2 }, { insert: 'abc' }]), 8);
  assert.equal(shifted(5, [{ retain: 5 }, { insert: 'abc' }]), 5);
  assert.equal(shifted(5, [{ insert: { image: 1 } }]), 6);
  assert.equal(shifted(5, [{ retain: 1 }, { delete: 2 }]), 3);
  assert.equal(shifted(5, [{ retain: 3 }, { delete: 9 }, { insert: 'x' }]), 3);
  assert.equal(shifted(5, [{ retain: 9, attributes: { bold: true } }]), 5);
  assert.equal(shifted(0, [{ insert: 'x' }]), 0);
});

test('the last change of a delta has an end', () => {
  assert.equal(endOf([{ retain: 2 }, { insert: 'abc' }, { retain: 4 }]), 5);
  assert.equal(endOf([{ retain: 2 }, { delete: 3 }]), 2);
  assert.equal(endOf([{ retain: 2 }, { retain: 3, attributes: { bold: true } }]), 5);
});

test('two texts differ in one stretch', () => {
  assert.deepEqual(difference('the bells', 'the old bells'), { start: 4, end: 4, text: 'old ' });
  assert.deepEqual(difference('aaa', 'aa'), { start: 2, end: 3, text: '' });
  assert.deepEqual(difference('same', 'same'), { start: 4, end: 4, text: '' });
  assert.deepEqual(difference('', 'x'), { start: 0, end: 0, text: 'x' });
});
