// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: Hibiki contributors

import { byId, setText } from './chat-dom.js';

/** The panel at the side: one of thread, people, pinned messages and search. On a narrow page it covers the room. */
export class SideView {
  #panels;
  #name = null;
  #back = null;

  /** @param panels by their name: `{ title(), show(body, value), update?(body), end?() }` */
  constructor(panels) {
    this.#panels = panels;
    byId('side-close').addEventListener('click', () => this.close());
  }

  get name() {
    return this.#name;
  }

  open(name, value) {
    if (this.#name === null) this.#back = document.activeElement;
    this.#end();
    this.#name = name;
    setText(byId('side-title'), this.#panels[name].title());
    byId('side').hidden = false;
    byId('chat').dataset.side = name;
    this.#show(value);
    // So that the Tab key and a screen reader go on in the panel.
    if (!byId('side').contains(document.activeElement)) byId('side-title').focus({ preventScroll: true });
  }

  /** The panel is shown anew, as it would be now. */
  again() {
    this.#show();
  }

  #show(value) {
    byId('side-body').replaceChildren();
    this.#panels[this.#name].show(byId('side-body'), value);
  }

  toggle(name) {
    if (this.#name === name) this.close();
    else this.open(name);
  }

  /** Something changed that the panel may show. */
  update() {
    if (this.#name !== null) this.#panels[this.#name].update?.(byId('side-body'));
  }

  close() {
    if (this.#name === null) return;
    this.#end();
    this.#name = null;
    byId('side').hidden = true;
    delete byId('chat').dataset.side;
    if (this.#back?.isConnected) this.#back.focus();
    this.#back = null;
  }

  #end() {
    if (this.#name !== null) this.#panels[this.#name].end?.();
  }
}
