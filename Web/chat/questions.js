// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: Hibiki contributors

import { byId, openDialog } from './chat-dom.js';

const hour = 3_600_000;

/** Milliseconds by the words of a choice; what is not there has no end. */
const spans = { hour, day: 24 * hour, week: 7 * 24 * hour };

/** Asks before something that cannot be undone. */
export function isSure({ title, text, yes }) {
  return asked('sure', { title, text, yes }, () => true, false);
}

/** Asks for how long. @returns `{ until }`, which is undefined for good, or null for not at all */
export function askForHowLong({ title, text, yes }) {
  byId('span-for').value = 'hour';
  return asked('span', { title, text, yes }, () => ({ until: endOf(byId('span-for').value, Date.now()) }), null);
}

/** Asks what is wrong with a message. @returns words, or null */
export function askForReason(text) {
  byId('report-reason').value = '';
  return asked('report', { text }, () => byId('report-reason').value.trim(), null);
}

export function endOf(span, now) {
  return Object.hasOwn(spans, span) ? now + spans[span] : undefined;
}

/** Opens a dialog whose parts are named after it. @returns what `answer` gives if the second button was pressed */
function asked(name, { title, text, yes }, answer, no) {
  const dialog = byId(name);
  if (title) byId(`${name}-title`).textContent = title;
  byId(`${name}-text`).textContent = text;
  if (yes) byId(`${name}-yes`).textContent = yes;
  dialog.returnValue = 'no';
  openDialog(dialog);
  return new Promise((resolve) => {
    dialog.addEventListener('close', () => resolve(dialog.returnValue === 'yes' ? answer() : no), { once: true });
  });
}
