// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: Hibiki contributors

import { get, onSessionOver, post } from './api.js';
import { connections } from './connections.js';
import { byId, make, setText } from './dom.js';
import { Feed } from './feed.js';
import { limitsView } from './limits.js';
import { Lines } from './lines.js';
import { log } from './log.js';
import { askForPassword } from './login.js';
import { nodes } from './nodes.js';
import { overview } from './overview.js';
import { Samples } from './samples.js';
import { listenForKeys } from './shortcuts.js';
import { socketIO } from './socketio.js';
import { topics } from './topic-list.js';

const state = { samples: new Samples(), lines: new Lines() };
const views = [
  { key: 'overview', title: 'Overview', make: overview }, { key: 'connections', title: 'Connections', make: connections },
  { key: 'topics', title: 'Topics', make: topics }, { key: 'socketio', title: 'Socket.IO', make: socketIO },
  { key: 'nodes', title: 'Nodes', make: nodes }, { key: 'limits', title: 'Limits', make: limitsView },
  { key: 'log', title: 'Log', make: log },
];
let current = null;
let isInside = false;

const feed = new Feed({
  samples(list) {
    state.samples.replace(list);
    current?.part.sampled?.();
  },
  sample(sample) {
    state.samples.add(sample);
    current?.part.sampled?.();
  },
  lines(items) {
    state.lines.replace(items);
    current?.part.replaced?.();
  },
  written(items) {
    const fresh = state.lines.add(items);
    if (fresh.length > 0) current?.part.written?.(fresh);
  },
  state: showState,
  over: () => leave('The session is over. Log in again.'),
});
const login = askForPassword(enter);

// Inside and outside

function enter() {
  isInside = true;
  for (const id of ['tabs', 'server', 'help', 'logout']) byId(id).hidden = false;
  feed.open();
  show(viewOf(location.hash) ?? views[0]);
  byId('main').focus({ preventScroll: true });
}

function leave(why) {
  if (!isInside) return;
  isInside = false;
  feed.close();
  for (const dialog of document.querySelectorAll('dialog[open]')) dialog.close();
  for (const id of ['tabs', 'server', 'help', 'logout', 'away']) byId(id).hidden = true;
  current?.part.hidden?.();
  current = null;
  state.samples.replace([]);
  state.lines.replace([]);
  byId('view').replaceChildren();
  login.show(why);
}

const words = {
  connecting: ['idle', 'connecting'], live: ['open', 'live'], away: ['lost', 'the server is away'],
  stopping: ['lost', 'the server is about to stop'],
};

function showState(name) {
  const [mood, text] = words[name];
  byId('server').dataset.state = mood;
  setText(byId('server'), text);
  byId('away').hidden = mood !== 'lost';
  setText(byId('away'), mood !== 'lost' ? '' : name === 'stopping'
    ? 'The server stops. What you see is the last that it said; this page comes back with it by itself.'
    : 'The server cannot be reached. What you see is the last that it said; this page tries again by itself.');
}

// Views

function viewOf(hash) {
  return views.find(({ key }) => `#${key}` === hash);
}

function show(view) {
  if (current?.view === view || !isInside) return;
  current?.part.hidden?.();
  view.part ??= view.make(state);
  current = { view, part: view.part };
  byId('view').replaceChildren(view.part.element);
  for (const tab of byId('tabs').children) {
    if (tab.dataset.key === view.key) tab.setAttribute('aria-current', 'page');
    else tab.removeAttribute('aria-current');
  }
  document.title = `${view.title} · Hibiki dashboard`;
  if (location.hash !== `#${view.key}`) history.replaceState(null, '', `#${view.key}`);
  view.part.shown?.();
  scrollTo(0, 0);
}

byId('tabs').append(...views.map(({ key, title }, index) =>
  make('a', { href: `#${key}`, 'data-key': key, 'aria-keyshortcuts': String(index + 1) }, title)));
addEventListener('hashchange', () => {
  const view = viewOf(location.hash);
  if (view) show(view);
});
listenForKeys(views, show);
onSessionOver(() => leave('The session is over. Log in again.'));
byId('logout').addEventListener('click', async () => {
  try {
    await post('logout');
  } catch {
    // The session ends by itself; this page forgets it now.
  }
  leave();
});

try {
  const { open } = await get('session');
  if (open) enter();
  else login.show();
} catch {
  login.show('The server cannot be reached.');
}
