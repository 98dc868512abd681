// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: Hibiki contributors

import { announce, make, setText } from './dom.js';

/**
 * The part of a drawer that ends a connection: a button, and behind it a question.
 *
 * @param what what ends, for the words
 * @param close asks the server, given `{ code, reason }`
 * @param done called when it has ended
 */
export function closing(what, close, done) {
  const problem = make('p', { class: 'problem', role: 'alert', hidden: true });
  const reason = make('input', { id: 'closing-reason', maxlength: 120, placeholder: 'Words for the client, if you like' });
  const stays = make('input', { type: 'checkbox', id: 'closing-stay' });
  const confirm = make('button', { type: 'submit', class: 'danger' }, `Close the ${what}`);
  const form = make('form', { class: 'closing panel', hidden: true, 'aria-label': `Close the ${what}` },
    make('p', {}, `Close this ${what}? The client is told, and what it has not taken yet is sent first.`),
    make('label', { class: 'field' }, 'Reason', reason),
    make('label', { class: 'check' }, stays, ' Ask the client not to come back by itself'),
    problem,
    make('p', { class: 'actions' }, confirm,
      make('button', { type: 'button', onclick: () => toggle(false) }, 'Keep it')));
  const begin = make('button', { type: 'button', class: 'danger begin', onclick: () => toggle(true) }, `Close the ${what}…`);

  function toggle(isAsking) {
    form.hidden = !isAsking;
    begin.hidden = isAsking;
    problem.hidden = true;
    (isAsking ? confirm : begin).focus();
  }

  form.addEventListener('submit', async (event) => {
    event.preventDefault();
    confirm.disabled = true;
    try {
      await close({ code: stays.checked ? 4502 : 4000, reason: reason.value.trim() || undefined });
      announce(`The ${what} is closed.`);
      done();
    } catch (error) {
      problem.hidden = false;
      setText(problem, error.message);
    } finally {
      confirm.disabled = false;
    }
  });
  return make('div', { class: 'closing-part' }, begin, form);
}
