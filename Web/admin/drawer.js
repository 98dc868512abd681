// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: Hibiki contributors

import { make, setText } from './dom.js';

let number = 0;

/** What is known about one thing, at the side of the page. Escape closes it, and the focus goes back to where it was. */
export class Drawer {
  #ended;

  /** @param ended called when it is closed. */
  constructor(title, ended = () => {}) {
    number += 1;
    const id = `drawer-${number}`;
    this.#ended = ended;
    this.title = make('h2', { id, tabindex: -1 }, title);
    this.body = make('div', { class: 'drawer-body' });
    this.dialog = make('dialog', { class: 'drawer', 'aria-labelledby': id, onclose: () => this.#close() },
      make('header', {}, this.title,
        make('button', { type: 'button', class: 'quiet', onclick: () => this.dialog.close() }, 'Close')),
      this.body);
    this.dialog.addEventListener('pointerdown', (event) => {
      if (event.target === this.dialog) this.dialog.close();
    });
    document.body.append(this.dialog);
    this.dialog.showModal();
    this.title.focus();
  }

  get isOpen() {
    return this.dialog.open;
  }

  close() {
    this.dialog.close();
  }

  #close() {
    this.dialog.remove();
    this.#ended();
  }
}

/** Names with what they stand for. What has no value is left out. */
export class Facts {
  #rows = new Map();

  constructor() {
    this.element = make('dl', { class: 'facts' });
  }

  show(pairs) {
    for (const [name, value] of pairs) {
      const row = this.#rows.get(name) ?? this.#makeRow(name);
      row.element.hidden = value === undefined || value === null || value === '';
      setText(row.value, value ?? '');
    }
  }

  #makeRow(name) {
    const value = make('dd', {});
    const row = { value, element: make('div', {}, make('dt', {}, name), value) };
    this.#rows.set(name, row);
    this.element.append(row.element);
    return row;
  }
}

/** A list of names under a heading, within a bound. */
export class Names {
  static limit = 200;

  constructor(title, empty) {
    this.heading = make('h3', {}, title);
    this.list = make('ul', { class: 'names' });
    this.title = title;
    this.empty = empty;
    this.element = make('section', {}, this.heading, this.list);
  }

  show(names, count = names.length) {
    setText(this.heading, `${this.title} (${count})`);
    const shown = names.slice(0, Names.limit);
    const text = shown.join('\n');
    if (text === this.text) return;
    this.text = text;
    const items = shown.map((name) => make('li', {}, name));
    if (count > shown.length) items.push(make('li', { class: 'hint' }, `and ${count - shown.length} more`));
    if (items.length === 0) items.push(make('li', { class: 'hint' }, this.empty));
    this.list.replaceChildren(...items);
  }
}
