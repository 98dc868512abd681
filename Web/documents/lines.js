// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: Hibiki contributors

// A text with attributes as lines. As in Quill, what a line is (a heading, an item) stands on the line end behind it;
// the last line has none, and is a paragraph.

export const paragraph = Object.freeze({ header: null, list: null });

const kinds = new Map([['h1', { header: 1 }], ['h2', { header: 2 }], ['bullet', { list: 'bullet' }],
  ['ordered', { list: 'ordered' }]]);

/** The attributes of a line end that make the line before it one of a kind: 'p', 'h1', 'h2', 'bullet', 'ordered'. */
export function attributesOf(kind) {
  return { ...paragraph, ...kinds.get(kind) };
}

function kindOf({ header, list } = {}) {
  for (const [kind, wanted] of kinds) {
    if (wanted.header ? header === wanted.header : list === wanted.list) return kind;
  }
  return 'p';
}

/** The lines of a delta: `[{ kind, runs: [{ text, bold, italic }], start, length }]`, at least one. */
export function linesOf(delta) {
  const lines = [];
  let line = { kind: 'p', runs: [], start: 0, length: 0 };
  for (const { insert, attributes } of delta) {
    // What is no text takes one place.
    const text = typeof insert === 'string' ? insert : '\uFFFC';
    for (const part of text.split(/(\n)/)) {
      if (part === '\n') {
        lines.push({ ...line, kind: kindOf(attributes) });
        line = { kind: 'p', runs: [], start: line.start + line.length + 1, length: 0 };
      } else if (part !== '') {
        add(line, part, attributes);
      }
    }
  }
  return [...lines, line];
}

function add(line, text, attributes) {
  const run = { text, bold: Boolean(attributes?.bold), italic: Boolean(attributes?.italic) };
  const last = line.runs.at(-1);
  if (last && last.bold === run.bold && last.italic === run.italic) last.text += text;
  else line.runs.push(run);
  line.length += text.length;
}

export function textOf(lines) {
  return lines.map(({ runs }) => runs.map(({ text }) => text).join('')).join('\n');
}

/** The line that a place is in. */
export function lineAt(lines, index) {
  let [low, high] = [0, lines.length - 1];
  while (low < high) {
    const middle = Math.ceil((low + high) / 2);
    if (lines[middle].start <= index) low = middle;
    else high = middle - 1;
  }
  return lines[low];
}

/** The lines that a stretch touches. */
export function linesIn(lines, start, end) {
  return lines.filter((line) => line.start <= end && line.start + line.length >= start);
}

/** How what is typed at a place looks: as what is before it in the line, or as what is behind its beginning. */
export function marksAt(lines, index) {
  const line = lineAt(lines, index);
  let end = line.start;
  for (const { text, bold, italic } of line.runs) {
    end += text.length;
    if (index <= end) return { bold, italic };
  }
  return { bold: false, italic: false };
}

/** Whether all text of a stretch has a mark. */
export function hasMark(lines, start, end, mark) {
  let [has, is] = [false, true];
  for (const line of linesIn(lines, start, end)) {
    let from = line.start;
    for (const run of line.runs) {
      if (from < end && from + run.text.length > start) [has, is] = [true, is && run[mark]];
      from += run.text.length;
    }
  }
  return has && is;
}

/** Where a place is after a delta. What is written at the place itself stands behind it. */
export function shifted(index, delta) {
  let [place, at] = [index, 0];
  for (const { retain, insert, delete: removed } of delta) {
    if (at >= place) break;
    if (removed !== undefined) {
      place -= Math.min(removed, place - at);
      continue;
    }
    const length = retain ?? (typeof insert === 'string' ? insert.length : 1);
    if (insert !== undefined) place += length;
    at += length;
  }
  return place;
}

/** Where the last change of a delta ends. */
export function endOf(delta) {
  let [at, end] = [0, 0];
  for (const { retain, insert, attributes } of delta) {
    at += retain ?? (insert === undefined ? 0 : typeof insert === 'string' ? insert.length : 1);
    if (retain === undefined || attributes) end = at;
  }
  return end;
}

/** The one stretch in which two texts differ. */
export function difference(before, after) {
  let start = 0;
  const most = Math.min(before.length, after.length);
  while (start < most && before[start] === after[start]) start += 1;
  let end = 0;
  while (end < most - start && before[before.length - 1 - end] === after[after.length - 1 - end]) end += 1;
  return { start, end: before.length - end, text: after.slice(start, after.length - end) };
}
