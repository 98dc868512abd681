// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: Hibiki contributors

const filters = new Set(['from', 'in', 'has', 'before', 'after']);
const kinds = new Set(['image', 'file', 'link', 'reaction', 'pin']);

/**
 * What a person typed into the search: `{ words, filters: [{ name, value, problem }] }`. The server reads the same
 * text; this is for saying what was understood, and what was not, before it is asked.
 */
export function parseQuery(text) {
  const words = [];
  const found = [];
  for (const [part, , name, quoted, plain] of text.matchAll(/((\w+):(?:"([^"]*)"|(\S+)))|\S+/g)) {
    if (!name || !filters.has(name.toLowerCase())) words.push(part);
    else found.push(filter(name.toLowerCase(), quoted ?? plain));
  }
  return { words, filters: found };
}

/**
 * The query as the server reads it, which knows people and rooms by their ids, not by their names.
 * @param idOf `idOf(name, value)` gives the id that somebody means, or the value
 */
export function withIds({ words, filters: found }, idOf) {
  const parts = found.map(({ name, value }) => {
    const id = name === 'from' || name === 'in' ? idOf(name, value) : value;
    return /\s/.test(id) ? `${name}:"${id}"` : `${name}:${id}`;
  });
  return [...words, ...parts].join(' ');
}

export function isAskable({ words, filters: found }) {
  return (words.length > 0 || found.length > 0) && found.every(({ problem }) => problem === null);
}

function filter(name, value) {
  return { name, value, problem: problemOf(name, value) };
}

function problemOf(name, value) {
  if (value === '') return `${name}: needs a value`;
  if (name === 'has' && !kinds.has(value.toLowerCase())) return `has: knows ${[...kinds].join(', ')}`;
  if ((name === 'before' || name === 'after') && !isDay(value)) return `${name}: needs a day such as 2026-11-21`;
  return null;
}

/** A day of the calendar: there is no 31st of February. */
function isDay(value) {
  if (!/^\d{4}-\d{2}-\d{2}$/.test(value)) return false;
  const date = new Date(`${value}T00:00:00Z`);
  return !Number.isNaN(date.getTime()) && date.toISOString().startsWith(value);
}
