// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: Hibiki contributors

import { afterPause, byId, setText } from './chat-dom.js';
import { refusalWords } from './refusal-words.js';

const hideNotice = afterPause(4000, () => { byId('notice').hidden = true; });
const hideProblem = afterPause(8000, () => { byId('problem').hidden = true; });

/** Says something to who cannot see it happen. */
export function announce(text) {
  setText(byId('announce'), text);
}

/** Says for a moment that something is done. */
export function notice(text) {
  byId('notice').hidden = false;
  setText(byId('notice'), text);
  hideNotice();
}

/** @param error words, or an error of the server */
export function problem(error) {
  byId('problem').hidden = false;
  setText(byId('problem'), typeof error === 'string' ? error : refusalWords(error));
  hideProblem();
}

/** Puts a text where it can be pasted from. */
export async function copy(text, done) {
  try {
    await navigator.clipboard.writeText(text);
    notice(done);
  } catch {
    // A page that did not come over HTTPS may not.
    problem(`Your browser lets this page copy nothing. Copy it by hand: ${text}`);
  }
}
