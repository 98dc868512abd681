// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: Hibiki contributors

import { byId, make, openDialog, setText } from './chat-dom.js';
import { findEmoji, isEmoji } from './emoji.js';

const dialog = byId('picker');
const field = byId('picker-text');
const grid = byId('picker-grid');
const columns = 6;

let done = null;

/** Lets one choose an emoji, and answers it, or null. */
export function pickEmoji() {
  field.value = '';
  show();
  openDialog(dialog);
  field.focus();
  return new Promise((resolve) => { done = resolve; });
}

function show() {
  const found = findEmoji(field.value);
  const own = isEmoji(field.value.trim()) && found.length === 0 ? [[field.value.trim(), 'as typed']] : [];
  grid.replaceChildren(...[...found, ...own].map(([sign, names], index) => make('button', {
    type: 'button', 'aria-label': names.split(',')[0], title: names, tabindex: index === 0 ? '0' : '-1',
    onclick: () => choose(sign),
  }, sign)));
  setText(byId('picker-none'), grid.children.length === 0 ? 'None has this name.' : '');
}

function choose(sign) {
  const resolve = done;
  done = null;
  dialog.close();
  resolve?.(sign);
}

function step(event) {
  const moves = { ArrowLeft: -1, ArrowRight: 1, ArrowUp: -columns, ArrowDown: columns };
  const move = moves[event.key];
  const buttons = [...grid.children];
  const index = buttons.indexOf(document.activeElement);
  if (!move || index < 0) return;
  event.preventDefault();
  const next = buttons[index + move];
  if (!next && move === -columns) return field.focus();
  if (!next) return;
  for (const button of buttons) button.tabIndex = button === next ? 0 : -1;
  next.focus();
}

field.addEventListener('input', show);
field.addEventListener('keydown', (event) => {
  const first = grid.firstElementChild;
  if (event.key === 'ArrowDown' && first) {
    event.preventDefault();
    first.focus();
  } else if (event.key === 'Enter' && first) {
    event.preventDefault();
    first.click();
  }
});
grid.addEventListener('keydown', step);
dialog.addEventListener('click', (event) => event.target === dialog && dialog.close());
dialog.addEventListener('close', () => {
  done?.(null);
  done = null;
});
