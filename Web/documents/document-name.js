// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: Hibiki contributors

import { resolve } from '../client/address.js';

const first = 'public/pad';

/** The document that the address of the page names behind its `#`. */
export function nameIn(hash) {
  const text = hash.slice(1);
  try {
    return decodeURIComponent(text) || first;
  } catch {
    return text;
  }
}

export function hashOf(name) {
  return `#${encoded(name)}`;
}

/** A name that nobody else has. */
export function newName() {
  const digits = crypto.getRandomValues(new Uint8Array(10));
  return `public/${[...digits].map((digit) => (digit % 36).toString(36)).join('')}`;
}

/** Where editors of Yjs find the document. */
export function addressOf(name) {
  return resolve(`/yjs/${encoded(name)}`).href;
}

function encoded(name) {
  return name.split('/').map(encodeURIComponent).join('/');
}
