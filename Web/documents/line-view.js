// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: Hibiki contributors

import { make } from '../chat/chat-dom.js';
import { difference } from './lines.js';

/** An element that shows a line. */
export function lineElement({ kind, runs }) {
  const isHeading = kind === 'h1' || kind === 'h2';
  const element = make(isHeading ? kind : 'p', { 'data-kind': kind });
  fill(element, runs);
  return element;
}

/** Shows another version of a line; false if that takes another element. What stays is not touched, for a caret may be in it. */
export function patchLine(element, before, after) {
  if (before.kind !== after.kind) return false;
  const isSameShape = before.runs.length > 0 && before.runs.length === after.runs.length
    && before.runs.every((run, index) => looks(run) === looks(after.runs[index]));
  if (!isSameShape) {
    element.replaceChildren();
    fill(element, after.runs);
    return true;
  }
  before.runs.forEach(({ text }, index) => {
    const { start, end, text: inserted } = difference(text, after.runs[index].text);
    if (end > start || inserted) textNode(element.childNodes[index]).replaceData(start, end - start, inserted);
  });
  return true;
}

export function sameLine(one, other) {
  return one.kind === other.kind && one.runs.length === other.runs.length
    && one.runs.every((run, index) => run.text === other.runs[index].text && looks(run) === looks(other.runs[index]));
}

function looks({ bold, italic }) {
  return (bold ? 1 : 0) + (italic ? 2 : 0);
}

function fill(element, runs) {
  // A line without a text has no height by itself.
  if (runs.length === 0) element.append(make('br'));
  for (const { text, bold, italic } of runs) {
    let node = document.createTextNode(text);
    if (italic) node = make('em', {}, node);
    if (bold) node = make('strong', {}, node);
    element.append(node);
  }
}

function textNode(node) {
  return node.nodeType === Node.TEXT_NODE ? node : textNode(node.firstChild);
}
