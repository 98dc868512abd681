// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: Hibiki contributors

import { make, setAttribute } from './dom.js';
import { count } from './format.js';
import { hits, limits, others } from './limit-words.js';
import { Table } from './table.js';

/** How often each limit was met, and what that means. */
export function limitsView({ samples }) {
  const table = new Table({
    caption: 'Limits of the server', key: ({ family, label }) => `${family} ${label}`,
    columns: [
      { title: 'Limit', text: ({ title }) => title },
      {
        title: 'Last 5 min', isNumber: true, text: ({ recent }) => count(recent),
        mark: (text, { recent }) => setAttribute(text, 'data-mood', recent > 0 ? 'met' : 'quiet'),
      },
      { title: 'Since the start', isNumber: true, text: ({ total }) => count(total) },
      { title: 'What it means', className: 'words', text: ({ meaning }) => meaning },
      { title: 'Setting', className: 'code', text: ({ setting }) => setting },
    ],
  });
  const element = make('div', {}, make('h1', {}, 'Limits'),
    make('p', { class: 'hint intro' }, 'What the server has refused or dropped so that others are served. Zero everywhere is a good day.'),
    make('section', { class: 'panel' }, table.element));

  function show() {
    if (!samples.last) return;
    table.show([...limits, ...others(samples)].map((limit) => ({ ...limit, ...hits(samples, limit) })));
  }

  return { element, sampled: show, shown: show };
}
