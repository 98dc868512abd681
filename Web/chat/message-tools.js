// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: Hibiki contributors

import { make } from './chat-dom.js';
import { openMenu } from './menu.js';

/**
 * The things that one can do with a message: one row of buttons, which goes to the message that has the focus or lies
 * under the pointer, with a menu for what is rare, and single keys for the same.
 */
export class MessageTools {
  #element = make('div', { class: 'tools', role: 'toolbar', 'aria-label': 'This message' });
  #context;
  #key = '';

  /**
   * @param context `{ me, find(sequence), rights() }`
   * @param actions `{ react, reply, thread, edit, edits, pin, copy, link, report, remove }`, each taking a message
   */
  constructor(context, actions) {
    this.#context = context;
    this.actions = actions;
    this.#element.addEventListener('keydown', (event) => this.#step(event));
  }

  /** The messages of a list have the tools from now on. */
  serve(list) {
    list.addEventListener('focusin', (event) => this.#moveTo(event.target.closest('.message')));
    // Not when a message comes to lie under a pointer that rests: the tools would be taken from who uses the keys.
    list.addEventListener('pointermove', (event) => {
      const isMoved = event.pointerType === 'mouse' && (event.movementX !== 0 || event.movementY !== 0);
      if (isMoved && !this.#element.contains(document.activeElement)) this.#moveTo(event.target.closest('.message'));
    });
    list.addEventListener('pointerleave', ({ pointerType }) => pointerType === 'mouse' && this.#leave());
  }

  /** Nobody is at the message any longer, with pointer, focus or menu. */
  #leave() {
    const message = this.#element.closest('.message');
    const isUsed = message?.contains(document.activeElement)
      || this.#element.querySelector('[aria-expanded="true"]') !== null;
    if (!isUsed) this.#element.remove();
  }

  /** Does what a key stands for with the message that has the focus. @returns whether there was something to do */
  press(key) {
    const message = this.#messageOf(document.activeElement?.closest?.('.message'));
    const tool = message && this.#allFor(message).find((one) => one.key === key);
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
    const buttons = tools.map(({ title, key, run }, index) => make('button', {
      type: 'button', title: `${title} (${key})`, 'aria-label': title, 'aria-keyshortcuts': key,
      'data-action': `tool ${title}`,
      tabindex: index === 0 ? '0' : '-1', onclick: () => this.#run(run),
    }, title));
    const more = make('button', {
      type: 'button', title: 'More', 'aria-label': 'More', 'aria-haspopup': 'menu', 'aria-expanded': 'false',
      'data-action': 'tool More', tabindex: '-1', onclick: () => this.#more(more),
    }, '⋯');
    this.#element.replaceChildren(...buttons, more);
  }

  #more(button) {
    const message = this.#messageOf(this.#element.closest('.message'));
    if (!message) return;
    const items = this.#rareFor(message).map(({ title, key, isDanger, run }) => (
      { title, note: key, isDanger, run: () => run(message) }));
    openMenu(button, 'More about this message', items);
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

  #allFor(message) {
    return [...this.#toolsFor(message), ...this.#rareFor(message)];
  }

  #toolsFor(message) {
    const { actions } = this;
    const { write } = this.#context.rights();
    return [
      ...(write ? [{ title: 'React', key: 'e', run: actions.react }] : []),
      ...(write ? [{ title: 'Reply', key: 'r', run: actions.reply }] : []),
      { title: 'Thread', key: 't', run: actions.thread },
      ...(write && this.#isMine(message) ? [{ title: 'Edit', key: 'w', run: actions.edit }] : []),
    ];
  }

  #rareFor(message) {
    const { actions } = this;
    const { pin, keepOrder } = this.#context.rights();
    const isMine = this.#isMine(message);
    return [
      ...(pin ? [{ title: message.pinned ? 'Unpin' : 'Pin', key: 'p', run: actions.pin }] : []),
      ...(message.content ? [{ title: 'Copy text', run: actions.copy }] : []),
      { title: 'Copy link', run: actions.link },
      ...(message.editedAt ? [{ title: 'Earlier wordings', run: actions.edits }] : []),
      ...(isMine ? [] : [{ title: 'Report', run: actions.report }]),
      ...(isMine || keepOrder ? [{ title: 'Delete', key: 'x', isDanger: true, run: actions.remove }] : []),
    ];
  }

  #isMine({ userId }) {
    return userId === this.#context.me;
  }
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
