// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: Hibiki contributors

import { count } from './chat-words.js';

const sentences = {
  banned: 'You are banned from this room.',
  muted: 'You are muted in this room.',
  not_a_member: 'You are not in this room: join it first.',
};

/** What the server, or the lack of one, said no with, as a sentence. */
export function refusalWords({ code, message = '', retryAfter }) {
  if (Object.hasOwn(sentences, code)) return sentences[code];
  if (code === 'network' || code === 'timeout') return 'The server does not answer. Try again in a moment.';
  const text = message.trim() === '' ? 'This could not be done' : message.trim();
  const sentence = `${text[0].toLocaleUpperCase()}${text.slice(1)}${/[.!?]$/.test(text) ? '' : '.'}`;
  return retryAfter > 0 ? `${sentence} Try again in ${count(Math.ceil(retryAfter / 1000), 'second')}.` : sentence;
}
