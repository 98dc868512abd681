// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: Hibiki contributors

import { get } from './api.js';
import { make, repeatedly } from './dom.js';
import { age, bytes, count, date } from './format.js';
import { series } from './samples.js';
import { Table } from './table.js';

const interval = 5_000;

/** The machines that serve: this one. A server of today stands alone; with a broker there will be more rows. */
export function nodes({ samples }) {
  let poll = null;
  const newest = (family) => (samples.last ? series(family)(samples.last) : NaN);
  const table = new Table({
    caption: 'Nodes', key: ({ id }) => id,
    columns: [
      { title: 'Node', className: 'code', text: ({ name }) => name },
      { title: 'Run', className: 'code', text: ({ id }) => id },
      { title: 'Role', text: ({ role }) => role },
      { title: 'Version', text: ({ version }) => version },
      { title: 'Up for', isNumber: true, text: ({ uptime }) => age(uptime) },
      { title: 'Since', text: ({ started }) => date(started) },
      { title: 'Connections', isNumber: true, text: ({ connections }) => count(connections) },
      { title: 'Event loops', isNumber: true, text: ({ loops }) => count(loops) },
      { title: 'Memory', isNumber: true, text: () => bytes(newest('process_resident_memory_bytes')) },
      { title: 'Open files', isNumber: true, text: () => `${count(newest('process_open_fds'))} of ${count(newest('process_max_fds'))}` },
      { title: 'Process', isNumber: true, text: ({ process }) => String(process) },
    ],
  });
  const element = make('div', {}, make('h1', {}, 'Nodes'),
    make('p', { class: 'hint intro' }, 'This server stands alone: its log is in its own memory, and all connections are its own.'),
    make('section', { class: 'panel' }, table.element));
  return {
    element,
    shown() {
      poll = repeatedly(interval, async () => {
        try {
          table.show((await get('nodes')).items);
        } catch {
          // The line above the page says that the server is away.
        }
      });
    },
    hidden() {
      poll?.end();
      poll = null;
    },
  };
}
