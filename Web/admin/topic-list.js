// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: Hibiki contributors

import { get } from './api.js';
import { afterPause, make, repeatedly, setText } from './dom.js';
import { Drawer, Facts, Names } from './drawer.js';
import { bytes, count, counted } from './format.js';
import { Pages, Table } from './table.js';
import { Tail } from './tail.js';

const interval = 2_000;

/** Topics that have events or followers. */
export function topics() {
  const search = make('input', {
    type: 'search', id: 'topic-search', placeholder: 'A part of the name', oninput: afterPause(200, begin),
    autocomplete: 'off', spellcheck: 'false', 'aria-keyshortcuts': '/',
  });
  const problem = make('p', { class: 'problem', role: 'alert', hidden: true });
  const pages = new Pages(() => poll?.now());
  const table = new Table({
    caption: 'Topics', key: ({ topic }) => topic, open: ({ topic }) => inspect(topic), empty: 'No topic fits.',
    columns: [
      { title: 'Topic', className: 'code', text: ({ topic }) => topic },
      { title: 'Followers', isNumber: true, text: ({ subscribers }) => count(subscribers) },
      { title: 'Events held', isNumber: true, text: ({ events }) => count(events) },
      { title: 'Bytes', isNumber: true, text: (item) => bytes(item.bytes) },
      { title: 'Oldest', className: 'code', text: ({ first }) => first ?? '' },
      { title: 'Newest', className: 'code', text: ({ last }) => last ?? '' },
    ],
  });
  const element = make('div', {}, make('h1', {}, 'Topics'),
    make('div', { class: 'tools' }, make('label', { class: 'field grows' }, 'Search', search)),
    problem, make('section', { class: 'panel' }, table.element, pages.element));
  let poll = null;

  function begin() {
    pages.reset();
    poll?.now();
  }

  async function load() {
    try {
      const list = await get('topics', { text: search.value.trim(), after: pages.after });
      table.show(list.items);
      pages.show(list.next, `${counted(list.items.length, 'topic')} shown, in the order of their names`);
      problem.hidden = true;
    } catch (error) {
      problem.hidden = false;
      setText(problem, `The list cannot be read: ${error.message}`);
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

/** A topic with who follows it and what is published to it, as long as the drawer is open. */
function inspect(topic) {
  const facts = new Facts();
  const followers = new Names('Clients that follow it', 'No connection with a name follows it on this node.');
  const tail = new Tail(topic);
  const drawer = new Drawer(topic, () => {
    poll.end();
    tail.end();
  });
  drawer.body.append(facts.element, tail.element, followers.element);
  const poll = repeatedly(interval, async () => {
    try {
      const item = await get('topic', { name: topic });
      facts.show([
        ['Followers', count(item.subscribers)], ['Events held', count(item.events)], ['Bytes', bytes(item.bytes)],
        ['Oldest position', item.first], ['Newest position', item.last],
      ]);
      followers.show(item.clients, Math.max(item.clients.length, item.clients.length < 200 ? 0 : item.subscribers));
    } catch (error) {
      if (error.status === 404) facts.show([['Events held', '0']]);
    }
  });
  tail.begin();
}
