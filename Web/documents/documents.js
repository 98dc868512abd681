// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: Hibiki contributors

import { byId, setText } from '../chat/chat-dom.js';
import { Awareness } from './awareness.js';
import { CursorsView } from './cursors-view.js';
import { DocumentEditor } from './document-editor.js';
import { DocumentInput } from './document-input.js';
import { DocumentLink } from './document-link.js';
import { addressOf, hashOf, nameIn, newName } from './document-name.js';
import { DocumentStorage } from './document-storage.js';
import { showPeople } from './people-view.js';
import { showStates } from './states-view.js';
import { listenToTools } from './toolbar.js';

const name = nameIn(location.hash);

async function begin() {
  // The server has it only if whoever runs it has brought one.
  const yjs = await import('/documents/yjs.js').catch(() => null);
  if (!yjs) return showMissing();
  const doc = new yjs.Doc();
  const storage = new DocumentStorage(yjs, { document: doc, name });
  byId('desk').hidden = false;
  const states = showStates({ name, storage });
  await storage.open();
  const awareness = new Awareness(doc.clientID);
  const text = doc.getText('text');
  edit(yjs, text, awareness);
  showPeople(awareness);
  states.follow(new DocumentLink(yjs, { document: doc, awareness, url: addressOf(name) }));
  return undefined;
}

function edit(yjs, text, awareness) {
  const element = byId('text');
  const editor = new DocumentEditor(yjs, text, element);
  const cursors = new CursorsView(yjs, { text, view: editor.view, awareness, layer: byId('cursors') });
  const shown = () => {
    element.toggleAttribute('data-is-empty', editor.view.length === 0 && editor.view.lines[0].kind === 'p');
    cursors.paint();
  };
  editor.on('change', (isMine) => {
    shown();
    if (isMine) keepInSight(editor);
  });
  editor.on('select', () => cursors.tell(editor.selection));
  new DocumentInput(editor, element);
  listenToTools(editor, document.querySelector('.tools'));
  shown();
}

/** The caret that a change has moved stays in the window. */
function keepInSight({ view, selection }) {
  const sheet = byId('sheet');
  const [caret, box] = [view.caretRectangle(selection.head), sheet.getBoundingClientRect()];
  if (caret.bottom > box.bottom - 12) sheet.scrollTop += caret.bottom - box.bottom + 40;
  else if (caret.top < box.top + 12) sheet.scrollTop -= box.top - caret.top + 40;
}

function showMissing() {
  byId('missing').hidden = false;
  setText(byId('server'), 'not connected');
  setText(byId('missing-address'), addressOf(name).replace(/^http/, 'ws'));
}

async function copyLink() {
  try {
    await navigator.clipboard.writeText(location.href);
    setText(byId('announce'), 'The link is copied.');
    setText(byId('copy'), 'Copied');
    setTimeout(() => setText(byId('copy'), 'Copy link'), 2000);
  } catch {
    setText(byId('announce'), 'Copy the address of this page: it is the link.');
    setText(byId('copy'), 'Copy the address');
  }
}

byId('copy').addEventListener('click', copyLink);
byId('new').addEventListener('click', () => { location.hash = hashOf(newName()); });
// Another document is another page: nothing of the one is left in the other.
addEventListener('hashchange', () => nameIn(location.hash) !== name && location.reload());
if (location.hash === '') history.replaceState(null, '', hashOf(name));
begin();
