// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: Hibiki contributors

import { byId, make } from './chat-dom.js';

const sure = byId('sure');

/**
 * The things that one can do with a message: one row of buttons, which goes to the message that has the focus or lies
 * under the pointer, and single keys for the same.
 */
export class MessageTools {
  #element = make('div', { class: 'tools', role: 'toolbar', 'aria-label': 'This message' });
  #context;
  #key = '';

  /**
   * @param context `{ me, room(), find(sequence), isModerator() }`
   * @param actions `{ react, reply, thread, edit, pin, remove, copy }`, each taking a message
   */
  constructor(list, context, actions) {
    this.#context = context;
    this.actions = actions;
    list.addEventListener('focusin', (event) => this.#moveTo(event.target.closest('.message')));
    // Not when a message comes to lie under a pointer that rests: the tools would be taken from who uses the keys.
    list.addEventListener('pointermove', (event) => {
      const isMoved = event.pointerType === 'mouse' && (event.movementX !== 0 || event.movementY !== 0);
      if (isMoved && !this.#element.contains(document.activeElement)) this.#moveTo(event.target.closest('.message'));
    });
    this.#element.addEventListener('keydown', (event) => this.#step(event));
  }

  /** Does what a key stands for with the message that has the focus. @returns whether there was something to do */
  press(key) {
    const message = this.#messageOf(document.activeElement?.closest?.('.message'));
    const tool = message && this.#toolsFor(message).find((one) => one.key === key);
    if (!tool) return false;
    tool.run(message);
    return true;
  }

  #moveTo(element) {
    const message = this.#messageOf(element);
    if (!message) return this.#element.remove();
    const tools = this.#toolsFor(message);
    const key = `${message.id} ${tools.map(({ title }) => title)}`;
    if (key !== this.#key) this.#fill(tools);
    this.#key = key;
    if (this.#element.parentElement !== element) element.append(this.#element);
    return undefined;
  }

  #fill(tools) {
    const buttons = tools.map(({ title, sign, key, run }, index) => make('button', {
      type: 'button', title: `${title} (${key})`, 'aria-label': title, 'aria-keyshortcuts': key,
      'data-action': `tool ${title}`,
      tabindex: index === 0 ? '0' : '-1', onclick: () => this.#run(run),
    }, sign));
    this.#element.replaceChildren(...buttons);
  }

  #run(run) {
    const message = this.#messageOf(this.#element.closest('.message'));
    if (message) run(message);
  }

  /** Arrow keys go from button to button (the pattern of a toolbar). */
  #step(event) {
    const step = { ArrowLeft: -1, ArrowRight: 1 }[event.key];
    const buttons = [...this.#element.children];
    const index = buttons.indexOf(document.activeElement);
    if (!step || index < 0) return;
    event.preventDefault();
    const next = buttons[(index + step + buttons.length) % buttons.length];
    for (const button of buttons) button.tabIndex = button === next ? 0 : -1;
    next.focus();
  }

  #messageOf(element) {
    const message = element ? this.#context.find(Number(element.dataset.sequence)) : null;
    return message?.deletedAt || message?.type === 'system' ? null : message;
  }

  #toolsFor(message) {
    const { actions } = this;
    const isMine = message.userId === this.#context.me;
    const mayRemove = isMine || this.#context.isModerator();
    return [
      { title: 'React', sign: '☺', key: 'e', run: actions.react },
      { title: 'Reply', sign: '↩', key: 'r', run: actions.reply },
      { title: 'Thread', sign: '⌥', key: 't', run: actions.thread },
      { title: message.pinned ? 'Unpin' : 'Pin', sign: '⚲', key: 'p', run: actions.pin },
      ...(isMine ? [{ title: 'Edit', sign: '✎', key: 'w', run: actions.edit }] : []),
      ...(mayRemove ? [{ title: 'Delete', sign: '✕', key: 'x', run: actions.remove }] : []),
    ];
  }
}

/** Asks before something that cannot be undone. */
export function isSure({ title, text, yes }) {
  byId('sure-title').textContent = title;
  byId('sure-text').textContent = text;
  byId('sure-yes').textContent = yes;
  sure.returnValue = 'no';
  sure.showModal();
  return new Promise((resolve) => {
    sure.addEventListener('close', () => resolve(sure.returnValue === 'yes'), { once: true });
  });
}

/** Goes from message to message with the arrow keys. @returns whether it went */
export function stepThrough(rows, step) {
  const index = rows.findIndex((row) => row.contains(document.activeElement));
  const next = index < 0 ? rows.at(-1) : rows[index + step];
  if (!next) return false;
  next.focus({ preventScroll: true });
  next.scrollIntoView({ block: 'nearest' });
  return true;
}
