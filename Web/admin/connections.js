// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: Hibiki contributors

import { get, post } from './api.js';
import { closing } from './closing.js';
import { afterPause, make, repeatedly, setText } from './dom.js';
import { Drawer, Facts, Names } from './drawer.js';
import { age, bytes, count, counted } from './format.js';
import { Pages, Table } from './table.js';

const interval = 2_000;
const transports = [
  ['', 'All transports'], ['websocket', 'WebSocket'], ['sse', 'Event streams'], ['long-poll', 'Long polls'],
  ['http', 'HTTP'], ['http2', 'HTTP/2'], ['closing', 'Closing'],
];
const names = {
  ...Object.fromEntries(transports), sse: 'Event stream', 'long-poll': 'Long poll',
};

export function transportName(transport) {
  return names[transport] ?? transport;
}

/** Who is connected: searched and paged by the server, so that a thousand cost this page no more than ten. */
export function connections() {
  const search = make('input', {
    type: 'search', id: 'connection-search', placeholder: 'Address, client, principal, topic or id',
    oninput: afterPause(200, begin), autocomplete: 'off', spellcheck: 'false', 'aria-keyshortcuts': '/',
  });
  const transport = make('select', { id: 'connection-transport', onchange: begin },
    transports.map(([value, name]) => make('option', { value }, name)));
  const problem = make('p', { class: 'problem', role: 'alert', hidden: true });
  const pages = new Pages(() => poll?.now());
  const table = new Table({
    caption: 'Connections', key: ({ id }) => id, open: inspect, empty: 'No connection fits.',
    columns: [
      { title: 'Id', text: ({ id }) => id },
      { title: 'Transport', text: (item) => transportName(item.transport) },
      { title: 'Address', className: 'code', text: ({ address }) => address },
      { title: 'Who', className: 'code', text: ({ principal, client }) => principal ?? client ?? '' },
      { title: 'Route', className: 'code', text: ({ route }) => route },
      { title: 'Topics', isNumber: true, text: ({ topics }) => count(topics) },
      { title: 'In', isNumber: true, text: ({ messagesIn }) => count(messagesIn) },
      { title: 'Out', isNumber: true, text: ({ messagesOut }) => count(messagesOut) },
      { title: 'Waiting', isNumber: true, text: ({ queuedBytes }) => (queuedBytes > 0 ? bytes(queuedBytes) : '0') },
      { title: 'Age', isNumber: true, text: (item) => age(item.age) },
    ],
  });
  const element = make('div', {}, make('h1', {}, 'Connections'),
    make('div', { class: 'tools' },
      make('label', { class: 'field grows' }, 'Search', search),
      make('label', { class: 'field' }, 'Transport', transport)),
    problem, make('section', { class: 'panel' }, table.element, pages.element));
  let poll = null;

  function begin() {
    pages.reset();
    poll?.now();
  }

  async function load() {
    const query = { text: search.value.trim(), transport: transport.value, after: pages.after };
    try {
      const list = await get('connections', query);
      if (query.text !== search.value.trim() || query.transport !== transport.value) return;
      table.show(list.items);
      const isAll = query.text === '' && query.transport === '' && list.items.length >= list.open;
      pages.show(list.next, isAll ? `${counted(list.open, 'connection')}, all of them shown`
        : `${count(list.items.length)} shown of ${counted(list.open, 'open connection')}`);
      problem.hidden = true;
    } catch (error) {
      problem.hidden = false;
      setText(problem, `The list cannot be read: ${error.message}`);
    }
  }

  function inspect({ id }) {
    inspectConnection(id, () => poll?.now());
  }

  return {
    element,
    shown() {
      poll = repeatedly(interval, load);
    },
    hidden() {
      poll?.end();
      poll = null;
    },
  };
}

/** A connection, looked at as long as the drawer is open. */
export function inspectConnection(id, ended = () => {}) {
  const facts = new Facts();
  const topics = new Names('Topics', 'It follows none.');
  const sockets = new Names('Sockets of Socket.IO', 'It carries none.');
  const gone = make('p', { class: 'problem', role: 'status', hidden: true }, 'This connection has ended.');
  const drawer = new Drawer(`Connection ${id}`, () => {
    poll.end();
    ended();
  });
  const close = closing('connection', (how) => post(`connections/${encodeURIComponent(id)}/close`, how), () => poll.now());
  drawer.body.append(gone, facts.element, close, topics.element, sockets.element);
  const poll = repeatedly(interval, async () => {
    try {
      const item = await get(`connections/${encodeURIComponent(id)}`);
      facts.show(describe(item));
      topics.show(item.topics);
      sockets.show(item.sockets.map(({ namespace, id: socket, rooms }) =>
        `${namespace} ${socket}${rooms.length > 0 ? ` in ${rooms.join(', ')}` : ''}`));
      sockets.element.hidden = item.sockets.length === 0;
    } catch (error) {
      if (error.status !== 404) return;
      gone.hidden = false;
      close.hidden = true;
      poll.end();
    }
  });
}

function describe(item) {
  return [
    ['Transport', transportName(item.transport)], ['Route', item.route], ['Address', item.address],
    ['Client', item.client], ['Principal', item.principal ?? 'nobody, without a token'], ['Open for', age(item.age)],
    ['Messages or requests in', count(item.messagesIn)], ['Messages or answers out', count(item.messagesOut)],
    ['Bytes in', bytes(item.bytesIn)], ['Bytes out', bytes(item.bytesOut)],
    ['Waiting to be taken', bytes(item.queuedBytes)],
  ];
}
