// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: Hibiki contributors

import { byId, make } from './dom.js';

const key = 'hibiki.admin.keys';

/** Single keys act only outside of text fields, and may be turned off (WCAG 2.1.4). */
export function listenForKeys(views, show) {
  const box = byId('shortcuts');
  try {
    box.checked = localStorage.getItem(key) !== 'off';
  } catch {
    // Without storage the choice holds until the page is left.
  }
  box.addEventListener('change', () => localStorage.setItem(key, box.checked ? 'on' : 'off'));
  byId('help').addEventListener('click', () => byId('keys').showModal());
  describe(views);
  document.addEventListener('keydown', (event) => {
    if (event.key === 'Escape' && isTyping(event.target) && !event.target.closest('dialog')) return event.target.blur();
    if (!box.checked || isTyping(event.target) || event.repeat || byId('tabs').hidden) return;
    if (event.ctrlKey || event.metaKey || event.altKey || document.querySelector('dialog[open]')) return;
    act(event, views, show);
  });
}

function act(event, views, show) {
  const view = views[Number(event.key) - 1];
  if (view) return show(view);
  const search = document.querySelector('#view [type="search"]');
  if (event.key === '/' && search) {
    event.preventDefault();
    search.focus();
    search.select();
  } else if (event.key === 'p') {
    document.querySelector('#view [data-key="p"]')?.click();
  } else if (event.key === '?') {
    byId('keys').showModal();
  }
}

function describe(views) {
  const rows = [
    ...views.map((view, index) => [[String(index + 1)], view.title]),
    [['/'], 'search in this view'], [['↑', '↓'], 'from row to row'], [['Enter'], 'look at a row'],
    [['←', '→'], 'back and forth in a chart that has the focus'], [['p'], 'stop and continue the log'],
    [['Esc'], 'close, or leave a field'], [['?'], 'these keys'],
  ];
  byId('keys-list').replaceChildren(...rows.map(([keys, text]) => make('div', {},
    make('dt', {}, keys.map((name) => make('kbd', {}, name))), make('dd', {}, text))));
}

function isTyping(target) {
  if (target instanceof HTMLInputElement) return target.type !== 'checkbox';
  return target instanceof HTMLSelectElement || target instanceof HTMLTextAreaElement;
}
