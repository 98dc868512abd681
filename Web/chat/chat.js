// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: Hibiki contributors

import { HibikiClient } from '../client/index.js';
import { TokenSource } from '../client/token-source.js';
import { limitsFrom } from './attention-listener.js';
import { ChatAPI } from './chat-api.js';
import { avatar, byId, setText } from './chat-dom.js';
import { ChatPage } from './chat-page.js';
import { ChatSession } from './chat-session.js';
import { ChatStorage } from './chat-storage.js';
import { dayOf } from './chat-words.js';
import { GuestPass } from './guest-pass.js';
import { isSure } from './questions.js';
import { refusalWords } from './refusal-words.js';
import { placeOf } from './room-address.js';

const base = `${location.origin}/`;
const storage = ChatStorage.ofPage();
const pass = new GuestPass(base, storage);

async function enter() {
  const { me } = pass;
  byId('entry').hidden = true;
  byId('chat').hidden = false;
  byId('help').hidden = false;
  byId('my-avatar').replaceWith(Object.assign(avatar(me.id, me.name, 'online'), { id: 'my-avatar' }));
  setText(byId('my-name'), me.name);
  const token = TokenSource.from(pass.token);
  const client = new HibikiClient(base, { token });
  const awayLimits = limitsFrom(location.search);
  const session = new ChatSession({ me, client, api: new ChatAPI(base, token), storage, dayOf, awayLimits });
  const page = new ChatPage(session, { storage, base, uploads: { url: `${base}v1/uploads`, token: pass.token } });
  session.on('ended', () => leave('The server does not know you any more. Say your name again.'));
  addEventListener('online', () => session.hurry());
  await page.start();
}

/** Everything begins anew: nothing of one person is left in the page of the next. */
function leave(reason) {
  pass.forget();
  if (reason) sessionStorage.setItem('hibiki.chat.reason', reason);
  location.reload();
}

function ask() {
  byId('entry').hidden = false;
  if (placeOf(location.hash).invite) setText(byId('entry-title'), 'You are invited to a room.');
  byId('name').focus();
  const reason = sessionStorage.getItem('hibiki.chat.reason');
  sessionStorage.removeItem('hibiki.chat.reason');
  if (reason) problem(reason);
}

function problem(text) {
  byId('problem').hidden = text === '';
  setText(byId('problem'), text);
}

byId('enter').addEventListener('submit', async (event) => {
  event.preventDefault();
  const name = byId('name').value.trim();
  if (name === '') return;
  try {
    await pass.enter(name);
    problem('');
    await enter();
  } catch (error) {
    problem(refusalWords(error));
  }
});
byId('logout').addEventListener('click', async () => {
  const text = 'A guest who has left cannot come back as the same person.';
  const question = { title: 'Log out?', text, yes: 'Log out' };
  if (await isSure(question)) leave('');
});

if (pass.me) enter();
else ask();
