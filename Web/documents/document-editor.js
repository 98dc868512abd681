// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: Hibiki contributors

import { Emitter } from '../client/emitter.js';
import {
  attributesOf, difference, endOf, hasMark, lineAt, linesIn, linesOf, marksAt, shifted,
} from './lines.js';
import { TextView } from './text-view.js';

/**
 * A shared text and what shows it, kept the same. Whatever changes the text, here or elsewhere, comes to the page by one
 * way: the text says what has changed, the lines are shown, and the caret stays at what it was at.
 *
 * Emits `change` after the page shows another text, and `select` when the caret or what is selected is another.
 */
export class DocumentEditor extends Emitter {
  #text;
  #undo;
  #selection = { anchor: 0, head: 0 };
  /** Otherwise what the browser has selected there is not the person's: it moves when lines are made anew. */
  #hasFocus = false;
  /** What has been set for the next text by itself, with nothing selected. */
  #marks = null;
  /** Where the caret is to be after a change that is made here. */
  #next = null;
  /** The changes that came while the browser composed a word, in which the page must not be touched; null otherwise. */
  #missed = null;

  constructor(yjs, text, element) {
    super();
    this.#text = text;
    this.view = new TextView(element);
    this.#undo = new yjs.UndoManager(text, { trackedOrigins: new Set([this]) });
    this.view.showAnew(linesOf(text.toDelta()));
    text.observe((event, transaction) => this.#changed(event.delta, transaction.origin));
  }

  get selection() {
    return this.#selection;
  }

  get range() {
    const { anchor, head } = this.#selection;
    return { start: Math.min(anchor, head), end: Math.max(anchor, head) };
  }

  get canUndo() {
    return this.#undo.undoStack.length > 0;
  }

  get canRedo() {
    return this.#undo.redoStack.length > 0;
  }

  textIn({ start, end }) {
    return this.view.text.slice(start, end);
  }

  // The caret

  enter() {
    this.#hasFocus = true;
    this.select(this.#selection);
  }

  leave() {
    this.readSelection();
    this.#hasFocus = false;
  }

  /** Takes over where the browser has put it, of which it tells only later. */
  readSelection() {
    const seen = this.#missed || !this.#hasFocus ? null : this.view.selection;
    if (!seen || (seen.anchor === this.#selection.anchor && seen.head === this.#selection.head)) return;
    this.#selection = seen;
    this.#marks = null;
    // What is written at another place is another step.
    this.#undo.stopCapturing();
    this.emit('select');
  }

  select(selection) {
    this.#selection = selection;
    // Elsewhere it would take the focus away from what has it.
    if (this.#hasFocus) this.view.select(selection);
    this.emit('select');
  }

  // Changes that are made here

  replace({ start, end }, text) {
    const { lines } = this.view;
    const marks = this.#marks ?? marksAt(lines, start);
    const [first, last] = [lineAt(lines, start), lineAt(lines, end)];
    this.#apply(start + text.length, () => {
      if (end > start) this.#text.delete(start, end - start);
      let at = start;
      for (const part of text.split(/(\n)/).filter((one) => one !== '')) {
        this.#text.insert(at, part, part === '\n' ? attributesOf(first.kind) : marksOf(marks));
        at += part.length;
      }
      const kind = kindBehind({ first, last, start, end, text });
      // The line end behind what was written is still that of the last line.
      if (kind) this.#form(at + last.start + last.length - end, kind, last === lines.at(-1));
    });
    if (text !== '\n') this.#marks = null;
  }

  /** Makes a line, by the place of its end, one of a kind. The last of all has no end, and gets one if it needs it. */
  #form(end, kind, isLast) {
    if (!isLast) this.#text.format(end, 1, attributesOf(kind));
    else if (kind !== 'p') this.#text.insert(end, '\n', attributesOf(kind));
  }

  /** Bold, or italic: of what is selected, or of what is written next. */
  toggleMark(mark) {
    this.readSelection();
    const { start, end } = this.range;
    if (start === end) {
      const marks = this.marks;
      this.#marks = { ...marks, [mark]: !marks[mark] };
      this.emit('select');
      return;
    }
    const value = hasMark(this.view.lines, start, end, mark) ? null : true;
    const lines = linesIn(this.view.lines, start, end);
    this.#apply(null, () => {
      for (const line of lines) {
        const [from, to] = [Math.max(start, line.start), Math.min(end, line.start + line.length)];
        if (to > from) this.#text.format(from, to - from, { [mark]: value });
      }
    });
  }

  /** Makes the lines of the selection of one kind, or, if they all are, paragraphs again. */
  toggleKind(kind) {
    this.readSelection();
    const { start, end } = this.range;
    const lines = linesIn(this.view.lines, start, end);
    this.setKind(lines.every((line) => line.kind === kind) ? 'p' : kind, lines);
  }

  setKind(kind, lines) {
    const last = this.view.lines.at(-1);
    this.#apply(null, () => {
      for (const line of lines) this.#form(line.start + line.length, kind, line === last);
    });
  }

  /** What the selection, or what is written next, has: `{ bold, italic }`. */
  get marks() {
    const { start, end } = this.range;
    const { lines } = this.view;
    if (start === end) return this.#marks ?? marksAt(lines, start);
    return { bold: hasMark(lines, start, end, 'bold'), italic: hasMark(lines, start, end, 'italic') };
  }

  /** The kind that all lines of the selection have, or null. */
  get kind() {
    const { start, end } = this.range;
    const [first, ...others] = linesIn(this.view.lines, start, end);
    return others.every(({ kind }) => kind === first.kind) ? first.kind : null;
  }

  undo() {
    if (this.#undo.undo()) this.emit('select');
  }

  redo() {
    if (this.#undo.redo()) this.emit('select');
  }

  #apply(caret, change) {
    this.#next = caret === null ? this.#selection : { anchor: caret, head: caret };
    this.#text.doc.transact(change, this);
    this.#next = null;
  }

  // What comes to the page

  #changed(delta, origin) {
    if (this.#missed) {
      this.#missed.push(delta);
      return;
    }
    const selection = this.#next ?? this.#selectionAfter(delta, origin);
    this.view.show(linesOf(this.#text.toDelta()));
    this.select(selection);
    this.emit('change', origin === this);
  }

  #selectionAfter(delta, origin) {
    if (origin === this.#undo) {
      const end = endOf(delta);
      return { anchor: end, head: end };
    }
    // The browser tells of a caret that has moved only later.
    const { anchor, head } = (this.#hasFocus ? this.view.selection : null) ?? this.#selection;
    return { anchor: shifted(anchor, delta), head: shifted(head, delta) };
  }

  // Words that the browser composes by itself: nothing can be done but to read what it has written

  startComposing() {
    this.#missed ??= [];
  }

  /** Takes over what the browser has written into the page. */
  takeFromPage() {
    const missed = this.#missed ?? [];
    this.#missed = null;
    const { start, end, text } = difference(this.view.text, this.view.textInPage);
    const now = (index) => missed.reduce(shifted, index);
    const range = { start: now(start), end: now(end) };
    this.view.showAnew(linesOf(this.#text.toDelta()));
    if (text === '' && start === end) {
      this.select({ anchor: now(this.#selection.anchor), head: now(this.#selection.head) });
      this.emit('change', false);
    } else {
      this.replace(range, text);
    }
  }
}

function marksOf({ bold, italic }) {
  return { ...(bold ? { bold } : {}), ...(italic ? { italic } : {}) };
}

/** What the line behind a replacement is to become; null if it may stay what it is. */
function kindBehind({ first, last, start, end, text }) {
  const isHeading = first.kind === 'h1' || first.kind === 'h2';
  const isAtEnd = end === last.start + last.length;
  // Behind a heading goes on what is no heading.
  if (text === '\n') return isHeading && isAtEnd && start > first.start ? 'p' : null;
  // Lines that become one are what the first was, if anything of it is left.
  const areJoined = first !== last && !text.includes('\n') && start > first.start;
  return areJoined && first.kind !== last.kind ? first.kind : null;
}
