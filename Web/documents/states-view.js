// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: Hibiki contributors

import { byId, setText } from '../chat/chat-dom.js';

const words = {
  connecting: ['closed', 'connecting'],
  synchronised: ['open', 'connected'],
  offline: ['lost', 'offline: what you write is kept and merged later'],
  ended: ['lost', 'not connected'],
};

const keepingWords = {
  keeping: 'keeping',
  kept: 'kept in this browser too',
  impossible: 'not kept in this browser: its storage is closed',
};

const endings = new Map([
  [1009, 'What was written here is more than one message may hold.'],
  [4510, 'You may not read this document.'],
  [4511, 'This document was deleted.'],
  [4512, 'This document takes all the room that one may take.'],
]);

/** Says what the document is called, how the connection is, and whether it is kept; and why it went wrong. */
export function showStates({ name, storage }) {
  document.title = `${name}: Hibiki`;
  setText(byId('name'), name);
  storage.on('state', (state) => {
    byId('kept').dataset.state = state;
    setText(byId('kept'), keepingWords[state]);
  });
  return { follow: (link) => follow(link, storage) };
}

function follow(link, storage) {
  link.on('state', (state) => {
    const [lamp, text] = words[state];
    byId('server').dataset.state = lamp;
    byId('server').dataset.link = state;
    setText(byId('server'), text);
  });
  link.on('refused', () => stop('You may read this document, and not write it.'));
  link.on('ended', (code) => {
    stop(endings.get(code) ?? `The server has ended the connection (${code}).`);
    // Or it would come back from here.
    if (code === 4511) storage.forget();
  });
}

function stop(reason) {
  byId('text').contentEditable = 'false';
  byId('problem').hidden = false;
  setText(byId('problem'), reason);
}
