// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: Hibiki contributors

import { avatar, make } from './chat-dom.js';
import { candidates, completed, mentionAt } from './completion.js';

/** Offers names for what follows an at sign in a text field, after the pattern of a combobox with a list. */
export class MentionField {
  #field;
  #list;
  #people;
  #offered = [];
  #index = 0;
  #mention = null;

  /** @param people gives `[{ id, name }]` of those who may be meant */
  constructor(field, list, people) {
    this.#field = field;
    this.#list = list;
    this.#people = people;
    field.addEventListener('input', () => this.#look());
    field.addEventListener('click', () => this.#look());
    field.addEventListener('blur', () => this.close());
  }

  get isOpen() {
    return !this.#list.hidden;
  }

  /** @returns whether the key was for the list */
  press(event) {
    if (!this.isOpen) return false;
    switch (event.key) {
      case 'ArrowDown': this.#choose(this.#index + 1); break;
      case 'ArrowUp': this.#choose(this.#index - 1); break;
      case 'Enter':
      case 'Tab': this.#take(this.#offered[this.#index]); break;
      case 'Escape': this.close(); break;
      default: return false;
    }
    event.preventDefault();
    return true;
  }

  close() {
    this.#list.hidden = true;
    this.#field.removeAttribute('aria-activedescendant');
    this.#field.setAttribute('aria-expanded', 'false');
  }

  #look() {
    const { value, selectionStart, selectionEnd } = this.#field;
    this.#mention = selectionStart === selectionEnd ? mentionAt(value, selectionStart) : null;
    this.#offered = this.#mention ? candidates(this.#people(), this.#mention.typed) : [];
    if (this.#offered.length === 0) return this.close();
    this.#list.replaceChildren(...this.#offered.map((person, index) => this.#option(person, index)));
    this.#list.hidden = false;
    this.#field.setAttribute('aria-expanded', 'true');
    return this.#choose(0);
  }

  #option(person, index) {
    // Not the click: the field would lose the focus, and the list be closed, before it.
    const onpointerdown = (event) => {
      event.preventDefault();
      this.#take(person);
    };
    return make('li', { role: 'option', id: `${this.#list.id}-${index}`, onpointerdown }, avatar(person.id, person.name),
      person.name);
  }

  #choose(index) {
    const count = this.#offered.length;
    this.#index = (index + count) % count;
    for (const [place, option] of [...this.#list.children].entries()) {
      option.setAttribute('aria-selected', String(place === this.#index));
    }
    this.#field.setAttribute('aria-activedescendant', `${this.#list.id}-${this.#index}`);
  }

  #take(person) {
    const { text, caret } = completed(this.#field.value, this.#mention, person);
    this.#field.value = text;
    this.#field.setSelectionRange(caret, caret);
    this.close();
    this.#field.dispatchEvent(new Event('change'));
  }
}
