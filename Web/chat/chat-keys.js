// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: Hibiki contributors

import { byId, make, openDialog } from './chat-dom.js';

const key = 'hibiki.chat.keys';
const rows = [
  [['Ctrl', 'K'], 'find a room or somebody'], [['Alt', '↑'], 'the room before'], [['Alt', '↓'], 'the room after'],
  [['n'], 'begin or join a room'], [['c'], 'write'],
  [['↑', '↓'], 'from message to message, in the list'], [['Home', 'End'], 'the oldest that is held, the newest'],
  [['e'], 'react to the message'], [['r'], 'reply to it'], [['t'], 'its thread'], [['p'], 'pin it'], [['w'], 'edit it'],
  [['x'], 'delete it'], [['/'], 'search'], [['m'], 'people'], [['Esc'], 'back, or leave a field'],
  [['?'], 'these keys'],
  [['Enter'], 'send, in the field'], [['Shift', 'Enter'], 'a new line, in the field'],
  [['↑'], 'edit your last message, in the empty field'],
];

/**
 * Single keys act only outside of text fields, and may be turned off (WCAG 2.1.4).
 *
 * @param actions `{ room(step), new(), find(), write(), search(), people(), message(key), step(by), end(isNewest),
 *   back() }`
 */
export function listenForKeys(actions) {
  const box = byId('shortcuts');
  try {
    box.checked = localStorage.getItem(key) !== 'off';
  } catch {
    // Without storage the choice holds until the page is left.
  }
  box.addEventListener('change', () => localStorage.setItem(key, box.checked ? 'on' : 'off'));
  byId('help').addEventListener('click', () => openDialog(byId('keys')));
  byId('keys-list').replaceChildren(...rows.map(([names, text]) => make('div', {},
    make('dt', {}, names.map((name) => make('kbd', {}, name))), make('dd', {}, text))));
  document.addEventListener('keydown', (event) => {
    if (event.defaultPrevented || byId('chat').hidden || document.querySelector('dialog[open]')) return;
    if (act(event, actions, box.checked)) event.preventDefault();
  });
}

function act(event, actions, hasSingleKeys) {
  const { altKey, ctrlKey, metaKey, target } = event;
  if ((ctrlKey || metaKey) && !altKey && event.key.toLowerCase() === 'k') return alone({ k: actions.find }, 'k');
  if (ctrlKey || metaKey) return false;
  if (altKey) return alone({ ArrowUp: () => actions.room(-1), ArrowDown: () => actions.room(1) }, event.key);
  if (event.key === 'Escape') return actions.back();
  if (isTyping(target)) return false;
  if (target.closest('#history') && !target.closest('[role="toolbar"]')) {
    const went = alone({
      ArrowUp: () => actions.step(-1), ArrowDown: () => actions.step(1), Home: () => actions.end(false),
      End: () => actions.end(true),
    }, event.key);
    if (went) return true;
  }
  if (!hasSingleKeys || event.repeat) return false;
  if (actions.message(event.key)) return true;
  return alone({
    n: actions.new, c: actions.write, '/': actions.search, m: actions.people, '?': () => openDialog(byId('keys')),
  }, event.key);
}

function alone(table, name) {
  if (!Object.hasOwn(table, name)) return false;
  table[name]();
  return true;
}

function isTyping(target) {
  if (target instanceof HTMLInputElement) return target.type !== 'checkbox';
  return target instanceof HTMLTextAreaElement || target instanceof HTMLSelectElement;
}
