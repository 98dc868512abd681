// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: Hibiki contributors

import { lineElement, patchLine, sameLine } from './line-view.js';
import { lineAt, textOf } from './lines.js';

/** Lines in an editable element: each is a child of it. Places are counted as in the text. */
export class TextView {
  #element;
  #lines = [];

  constructor(element) {
    this.#element = element;
  }

  get lines() {
    return this.#lines;
  }

  get text() {
    return textOf(this.#lines);
  }

  get length() {
    const last = this.#lines.at(-1);
    return last ? last.start + last.length : 0;
  }

  /** Touches only the lines that are others than before. */
  show(lines) {
    const before = this.#lines;
    const most = Math.min(before.length, lines.length);
    let start = 0;
    while (start < most && sameLine(before[start], lines[start])) start += 1;
    let end = 0;
    while (end < most - start && sameLine(before.at(-1 - end), lines.at(-1 - end))) end += 1;
    const old = [...this.#element.children].slice(start, before.length - end);
    const next = this.#element.children[before.length - end] ?? null;
    lines.slice(start, lines.length - end).forEach((line, index) => {
      const element = old[index];
      if (element && patchLine(element, before[start + index], line)) return;
      if (element) element.replaceWith(lineElement(line));
      else this.#element.insertBefore(lineElement(line), next);
    });
    for (const element of old.slice(Math.max(0, lines.length - end - start))) element.remove();
    this.#lines = lines;
  }

  /** The browser itself has changed the element: all of it is made anew. */
  showAnew(lines) {
    this.#element.replaceChildren(...lines.map(lineElement));
    this.#lines = lines;
  }

  /** The text that stands in the element, whoever wrote it. */
  get textInPage() {
    return [...this.#element.childNodes].map((line) => line.textContent.replaceAll('\u00a0', ' ')).join('\n');
  }

  // Places and the browser's points

  indexOf(node, offset) {
    const { children } = this.#element;
    if (node === this.#element) return this.#lines[offset]?.start ?? this.length;
    const number = [...children].findIndex((child) => child.contains(node));
    const line = this.#lines[number];
    if (!line) return this.length;
    const range = document.createRange();
    range.setStart(children[number], 0);
    range.setEnd(node, offset);
    return line.start + Math.min(line.length, range.toString().length);
  }

  /** What the browser has selected, as places; null if that is elsewhere. */
  get selection() {
    const selection = getSelection();
    const { anchorNode, focusNode } = selection;
    if (!this.#element.contains(anchorNode) || !this.#element.contains(focusNode)) return null;
    return {
      anchor: this.indexOf(anchorNode, selection.anchorOffset), head: this.indexOf(focusNode, selection.focusOffset),
    };
  }

  select({ anchor, head }) {
    const now = this.selection;
    const [from, to] = [this.#point(anchor), this.#point(head)];
    const { anchorNode } = getSelection();
    // Also where the places are the same: a caret that an element left behind is at no text.
    if (now?.anchor === anchor && now.head === head && anchorNode === from.node) return;
    getSelection().setBaseAndExtent(from.node, from.offset, to.node, to.offset);
  }

  #point(index) {
    const line = lineAt(this.#lines, index);
    const element = this.#element.children[this.#lines.indexOf(line)];
    let left = Math.min(Math.max(0, index - line.start), line.length);
    const walker = document.createTreeWalker(element, NodeFilter.SHOW_TEXT);
    for (let node = walker.nextNode(); node; node = walker.nextNode()) {
      if (left <= node.length) return { node, offset: left };
      left -= node.length;
    }
    return { node: element, offset: 0 };
  }

  // Where places are in the window

  caretRectangle(index) {
    const { node, offset } = this.#point(Math.min(index, this.length));
    const range = document.createRange();
    if (node.nodeType === Node.TEXT_NODE) range.setStart(node, offset);
    else range.selectNode(node.firstChild ?? node);
    return range.getClientRects()[0] ?? range.getBoundingClientRect();
  }

  /** Of the text between two places: elements would be as wide as the page. */
  rectangles(start, end) {
    return this.#lines.flatMap((line, number) => {
      if (line.start > end || line.start + line.length < start) return [];
      const walker = document.createTreeWalker(this.#element.children[number], NodeFilter.SHOW_TEXT);
      const rectangles = [];
      let from = line.start;
      for (let node = walker.nextNode(); node; node = walker.nextNode()) {
        const range = document.createRange();
        range.setStart(node, Math.min(Math.max(0, start - from), node.length));
        range.setEnd(node, Math.min(Math.max(0, end - from), node.length));
        if (!range.collapsed) rectangles.push(...range.getClientRects());
        from += node.length;
      }
      return rectangles;
    });
  }
}
