// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: Hibiki contributors

import { afterPause, make, setText } from './dom.js';
import { count, counted } from './format.js';
import { fields, fits, levels } from './lines.js';

/** The log of the server as it is written, newest at the bottom, free of credentials. */
export function log({ lines }) {
  let isPaused = false;
  const level = make('select', { id: 'log-level', onchange: showAll },
    levels.map((name) => make('option', { value: name, selected: name === 'trace' },
      name === 'trace' ? 'All levels' : `${name} and above`)));
  const search = make('input', {
    type: 'search', id: 'log-search', placeholder: 'Words that a line holds', oninput: afterPause(100, showAll),
    autocomplete: 'off', spellcheck: 'false', 'aria-keyshortcuts': '/',
  });
  const pause = make('button', {
    type: 'button', 'aria-pressed': 'false', 'aria-keyshortcuts': 'p', 'data-key': 'p', onclick: toggle,
  }, 'Pause');
  const note = make('p', { class: 'hint' });
  const list = make('ol', { class: 'log', tabindex: 0, 'aria-label': 'Lines, newest last' });
  const element = make('div', {}, make('h1', {}, 'Log'),
    make('div', { class: 'tools' },
      make('label', { class: 'field grows' }, 'Filter', search),
      make('label', { class: 'field' }, 'Level', level), pause),
    make('section', { class: 'panel flush' }, list), note);

  const words = () => search.value.toLowerCase().split(/\s+/).filter((word) => word !== '');
  const wanted = (items) => items.filter((item) => fits(item, level.value, words()));

  function toggle() {
    isPaused = !isPaused;
    pause.setAttribute('aria-pressed', String(isPaused));
    setText(pause, isPaused ? 'Continue' : 'Pause');
    if (isPaused) tell();
    else showAll();
  }

  function showAll() {
    list.replaceChildren(...wanted(lines.list).map(item));
    list.scrollTop = list.scrollHeight;
    tell();
  }

  function tell() {
    const missed = lines.missed > 0 ? ` ${counted(lines.missed, 'line')} came faster than this page reads.` : '';
    const kept = `${count(list.childElementCount)} of the last ${counted(lines.list.length, 'line')}.`;
    setText(note, `${isPaused ? 'Stopped. ' : ''}${kept}${missed}`);
  }

  return {
    element,
    shown: showAll,
    replaced() {
      if (!isPaused) showAll();
    },
    written(fresh) {
      if (isPaused) return;
      const isAtEnd = list.scrollHeight - list.scrollTop - list.clientHeight < 40;
      list.append(...wanted(fresh).map(item));
      const first = lines.list[0]?.number ?? 0;
      while (list.firstElementChild && Number(list.firstElementChild.dataset.number) < first) list.firstElementChild.remove();
      if (isAtEnd) list.scrollTop = list.scrollHeight;
      tell();
    },
  };
}

function item({ number, line }) {
  const rest = fields(line).flatMap(([name, text]) => [make('i', {}, `${name}=`), `${text} `]);
  return make('li', { 'data-number': number, 'data-level': line.level },
    make('time', { datetime: line.time }, line.time.slice(11, 23)), make('b', {}, line.level),
    make('span', {}, make('em', {}, line.message), ' ', make('small', {}, rest)));
}
