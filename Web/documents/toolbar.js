// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: Hibiki contributors

import { byId } from '../chat/chat-dom.js';

/** The buttons of the formatting, which say too what the selection has. */
export function listenToTools(editor, tools) {
  const buttons = (name) => [...tools.querySelectorAll(`[data-${name}]`)];
  // The selection stays where it is, and so does the keyboard of a phone.
  tools.addEventListener('mousedown', (event) => event.preventDefault());
  for (const button of buttons('mark')) button.addEventListener('click', () => editor.toggleMark(button.dataset.mark));
  for (const button of buttons('kind')) button.addEventListener('click', () => editor.toggleKind(button.dataset.kind));
  byId('undo').addEventListener('click', () => editor.undo());
  byId('redo').addEventListener('click', () => editor.redo());

  const show = () => {
    const { marks, kind } = editor;
    for (const button of buttons('mark')) button.setAttribute('aria-pressed', marks[button.dataset.mark]);
    for (const button of buttons('kind')) button.setAttribute('aria-pressed', kind === button.dataset.kind);
    byId('undo').disabled = !editor.canUndo;
    byId('redo').disabled = !editor.canRedo;
  };
  editor.on('select', show);
  editor.on('change', show);
  show();
}
