// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: Hibiki contributors

import { make, setText } from './dom.js';

/** A table whose rows are kept as long as what they show is there, so that focus and selection stay where they are. */
export class Table {
  #columns;
  #key;
  #open;
  #rows = new Map();
  #empty;

  /**
   * @param definition `{ caption, columns: [{ title, text(item), className, isNumber }], key(item), open(item), openLabel(item), empty }`;
   *   the first column opens an item, if `open` is there.
   */
  constructor({ caption, columns, key, open, openLabel, empty }) {
    this.#columns = columns;
    this.#key = key;
    this.#open = open;
    this.openLabel = openLabel;
    this.#empty = make('p', { class: 'empty', hidden: true }, empty ?? 'Nothing here.');
    this.body = make('tbody', { onkeydown: (event) => this.#move(event) });
    const titles = columns.map(({ title, isNumber, className }) =>
      make('th', { scope: 'col', class: isNumber ? 'number' : className === 'words' && 'words' }, title));
    this.element = make('div', { class: 'table' },
      make('table', {}, make('caption', { class: 'unseen' }, caption), make('thead', {}, make('tr', {}, titles)),
        this.body),
      this.#empty);
  }

  show(items) {
    const kept = new Set();
    items.forEach((item, index) => {
      const key = this.#key(item);
      kept.add(key);
      const row = this.#rows.get(key) ?? this.#makeRow(key);
      row.item = item;
      this.#columns.forEach((column, place) => setText(row.texts[place], column.text(item)));
      this.#columns.forEach((column, place) => column.mark?.(row.texts[place], item));
      if (this.body.children[index] !== row.element) this.body.insertBefore(row.element, this.body.children[index] ?? null);
    });
    for (const [key, row] of this.#rows) {
      if (kept.has(key)) continue;
      row.element.remove();
      this.#rows.delete(key);
    }
    this.#empty.hidden = items.length > 0;
  }

  get count() {
    return this.#rows.size;
  }

  #makeRow(key) {
    const row = { item: null, texts: [] };
    const cells = this.#columns.map(({ title, className, isNumber }, place) => {
      const opens = place === 0 && this.#open;
      const text = opens
        ? make('button', { type: 'button', class: 'open', onclick: () => this.#open(row.item) })
        : make('span', { class: className });
      row.texts.push(text);
      return make(place === 0 ? 'th' : 'td', {
        'data-title': title, class: [isNumber && 'number', className].filter(Boolean).join(' ') || false,
        scope: place === 0 && 'row',
      }, text);
    });
    row.element = make('tr', { onclick: (event) => this.#clicked(event, row) }, cells);
    this.#rows.set(key, row);
    return row;
  }

  /** The whole row opens for a pointer; the keyboard has its button. */
  #clicked(event, row) {
    if (!this.#open || event.target.closest('button') || String(getSelection()) !== '') return;
    this.#open(row.item);
  }

  #move(event) {
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (!step || !event.target.matches('.open')) return;
    const buttons = [...this.body.querySelectorAll('.open')];
    const next = buttons[buttons.indexOf(event.target) + step];
    if (!next) return;
    event.preventDefault();
    next.focus();
  }
}

/** The buttons below a list that comes in pages. */
export class Pages {
  #before = [];
  #after = null;
  #next = null;

  constructor(changed) {
    this.back = make('button', { type: 'button', class: 'quiet', onclick: () => this.#turn(changed, false) }, 'Back');
    this.forward = make('button', { type: 'button', class: 'quiet', onclick: () => this.#turn(changed, true) }, 'More');
    this.text = make('span', { class: 'hint' });
    this.element = make('p', { class: 'pages' }, this.text, this.back, this.forward);
  }

  /** Where the page begins that is wanted; `undefined` for the first. */
  get after() {
    return this.#after ?? undefined;
  }

  reset() {
    this.#before = [];
    this.#after = null;
  }

  show(next, text) {
    this.#next = next ?? null;
    this.back.disabled = this.#after === null;
    this.forward.disabled = this.#next === null;
    this.back.hidden = this.forward.hidden = this.#after === null && this.#next === null;
    setText(this.text, text);
  }

  #turn(changed, isForward) {
    if (isForward) {
      this.#before.push(this.#after);
      this.#after = this.#next;
    } else {
      this.#after = this.#before.pop() ?? null;
    }
    changed();
  }
}
