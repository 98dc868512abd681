// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: Hibiki contributors

// What people show of themselves, as other editors of Yjs do: `{ user: { name, color } }`. It may be anything.

/** Dark enough for white letters, and to be seen on a dark page too. */
const colours = ['#1f74b5', '#3f7d2d', '#a8620a', '#8757a8', '#b8433a', '#0f7f86', '#a03f78', '#76700f'];
const mostLetters = 40;

export function someColour() {
  return colours[Math.floor(Math.random() * colours.length)];
}

export function nameOf({ user }) {
  const name = typeof user?.name === 'string' ? user.name.trim().slice(0, mostLetters) : '';
  return name === '' ? 'Somebody' : name;
}

export function colourOf({ user }) {
  return /^#[0-9a-f]{6}$/i.test(user?.color) ? user.color : colours[0];
}
