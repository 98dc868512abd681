// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: Hibiki contributors

import { byId, make, reconcile } from '../chat/chat-dom.js';
import { colourOf, nameOf, someColour } from './people.js';

const stored = 'hibiki.documents.me';

/** Who is here, and under which name one is here oneself: it is kept in the browser, as the colour is. */
export function showPeople(awareness) {
  const user = remembered();
  const field = byId('my-name');
  field.value = user.name;
  const tell = () => {
    awareness.show({ user });
    show();
  };
  const show = () => {
    const others = [...awareness.others].map(([id, state]) => ({ id, name: nameOf(state), colour: colourOf(state) }));
    const me = { id: 'me', name: `${nameOf({ user })} (you)`, colour: user.color };
    reconcile(byId('people'), [me, ...others], { key: ({ id }) => String(id), make: person });
  };
  field.addEventListener('input', () => {
    user.name = field.value;
    remember(user);
    tell();
  });
  awareness.on('change', show);
  tell();
}

function person({ name, colour }) {
  const element = make('li', { title: name }, name);
  element.style.setProperty('--person', colour);
  return element;
}

function remembered() {
  try {
    const { name, color } = JSON.parse(localStorage.getItem(stored));
    if (typeof name === 'string' && typeof color === 'string') return { name, color };
  } catch {
    // Nobody has been here, or storage is forbidden.
  }
  const user = { name: `Guest ${1 + Math.floor(Math.random() * 99)}`, color: someColour() };
  remember(user);
  return user;
}

function remember(user) {
  try {
    localStorage.setItem(stored, JSON.stringify(user));
  } catch {
    // It holds until the page is left.
  }
}
