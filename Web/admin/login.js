// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: Hibiki contributors

import { post } from './api.js';
import { byId, setText } from './dom.js';

/** Asks for the password until it is right. */
export function askForPassword(entered) {
  const form = byId('login');
  const field = byId('password');
  const problem = byId('login-problem');
  const button = form.querySelector('button');

  form.addEventListener('submit', async (event) => {
    event.preventDefault();
    button.disabled = true;
    problem.hidden = true;
    try {
      await post('login', { password: field.value });
      field.value = '';
      form.hidden = true;
      entered();
    } catch (error) {
      problem.hidden = false;
      setText(problem, words(error));
      field.select();
    } finally {
      button.disabled = false;
    }
  });

  return {
    /** @param why a sentence for somebody who was here already */
    show(why) {
      form.hidden = false;
      problem.hidden = !why;
      setText(problem, why ?? '');
      field.focus();
    },
  };
}

function words(error) {
  if (error.code === 'wrong_password') return 'This is not the password.';
  if (error.status === 404) return 'The dashboard was switched off.';
  if (error.retryAfter) return `Too many wrong passwords. Try again in ${error.retryAfter} s.`;
  return error.status ? error.message : 'The server cannot be reached.';
}
