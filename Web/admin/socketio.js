// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: Hibiki contributors

import { get, post } from './api.js';
import { closing } from './closing.js';
import { make, repeatedly, setAttribute, setText } from './dom.js';
import { Drawer, Facts, Names } from './drawer.js';
import { age, count, counted } from './format.js';
import { Pages, Table } from './table.js';

const interval = 2_000;

/** Namespaces of Socket.IO, and the rooms and sockets of the one that is chosen. */
export function socketIO() {
  let chosen = null;
  let room = null;
  let poll = null;
  const namespaces = new Table({
    caption: 'Namespaces', key: ({ name }) => name, open: ({ name }) => choose(name), empty: 'This server has no Socket.IO.',
    columns: [
      {
        title: 'Namespace', className: 'code', text: ({ name }) => name,
        mark: (button, { name }) => setAttribute(button, 'aria-pressed', String(name === chosen)),
      },
      { title: 'Sockets', isNumber: true, text: ({ sockets }) => count(sockets) },
    ],
  });
  const roomPages = new Pages(() => poll?.now());
  const rooms = new Table({
    caption: 'Rooms', key: ({ name }) => name, open: ({ name }) => enter(name === room ? null : name), empty: 'No room has sockets.',
    columns: [
      {
        title: 'Room', className: 'code', text: ({ name }) => name,
        mark: (button, { name }) => setAttribute(button, 'aria-pressed', String(name === room)),
      },
      { title: 'Sockets', isNumber: true, text: ({ sockets }) => count(sockets) },
    ],
  });
  const socketPages = new Pages(() => poll?.now());
  const sockets = new Table({
    caption: 'Sockets', key: ({ id }) => id, open: (socket) => inspect(chosen, socket, () => poll?.now()), empty: 'No socket is here.',
    columns: [
      { title: 'Socket', className: 'code', text: ({ id }) => id },
      { title: 'Who', className: 'code', text: ({ principal }) => principal ?? '' },
      { title: 'Address', className: 'code', text: ({ address }) => address },
      { title: 'Transport', text: ({ transport }) => transport },
      { title: 'Rooms', isNumber: true, text: (socket) => count(socket.rooms.length) },
      { title: 'Connected for', isNumber: true, text: ({ connected }) => age(Date.now() - connected) },
    ],
  });
  const problem = make('p', { class: 'problem', role: 'alert', hidden: true });
  const heading = make('h2', {}, 'Sockets');
  const everywhere = make('button', { type: 'button', class: 'quiet', hidden: true, onclick: () => enter(null) }, 'Sockets of all rooms');
  const element = make('div', {}, make('h1', {}, 'Socket.IO'), problem,
    make('div', { class: 'columns' },
      make('div', { class: 'stack' },
        make('section', { class: 'panel' }, make('h2', {}, 'Namespaces'), namespaces.element),
        make('section', { class: 'panel' }, make('h2', {}, 'Rooms'), rooms.element, roomPages.element)),
      make('section', { class: 'panel wide' }, make('header', { class: 'row' }, heading, everywhere), sockets.element,
        socketPages.element)));

  function choose(name) {
    if (name === chosen) return;
    chosen = name;
    room = null;
    restart();
  }

  function enter(name) {
    room = name;
    restart();
  }

  function restart() {
    roomPages.reset();
    socketPages.reset();
    poll?.now();
  }

  async function load() {
    try {
      const list = (await get('namespaces')).items;
      if (!list.some(({ name }) => name === chosen)) chosen = (list.find(({ sockets: number }) => number > 0) ?? list[0])?.name ?? null;
      namespaces.show(list);
      if (chosen === null) return;
      const namespace = chosen;
      const [someRooms, someSockets] = await Promise.all([
        get('namespaces/rooms', { namespace, after: roomPages.after }),
        get('namespaces/sockets', { namespace, room, after: socketPages.after }),
      ]);
      if (namespace !== chosen) return;
      rooms.show(someRooms.items);
      roomPages.show(someRooms.next, `${counted(someRooms.items.length, 'room')} shown`);
      sockets.show(someSockets.items);
      socketPages.show(someSockets.next, `${counted(someSockets.items.length, 'socket')} shown`);
      setText(heading, `Sockets of ${namespace}${room === null ? '' : ` in the room ${room}`}`);
      everywhere.hidden = room === null;
      problem.hidden = true;
    } catch (error) {
      problem.hidden = false;
      setText(problem, `The lists cannot be read: ${error.message}`);
    }
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

function inspect(namespace, socket, ended) {
  const facts = new Facts();
  facts.show([
    ['Namespace', namespace], ['Address', socket.address], ['Transport', socket.transport],
    ['Principal', socket.principal ?? 'nobody, without a token'], ['Connected for', age(Date.now() - socket.connected)],
  ]);
  const rooms = new Names('Rooms', 'It is in none but its own.');
  rooms.show(socket.rooms);
  const drawer = new Drawer(`Socket ${socket.id}`, ended);
  const close = closing('socket’s connection', (how) => post('sockets/close', { namespace, socket: socket.id, ...how }),
    () => drawer.close());
  drawer.body.append(facts.element, close, rooms.element);
}
