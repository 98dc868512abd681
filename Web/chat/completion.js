// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: Hibiki contributors

/** Names that are offered at one time. */
const offered = 6;

/** The `@…` that the caret stands at the end of, as `{ start, typed }`, or null. */
export function mentionAt(text, caret) {
  const match = /(?:^|[\s(])@([\p{L}\p{N}_.~-]*)$/u.exec(text.slice(0, caret));
  return match ? { start: caret - match[1].length - 1, typed: match[1] } : null;
}

/** Those whose name or id begins with what was typed, then those with a word that does. */
export function candidates(people, typed) {
  const wanted = typed.toLocaleLowerCase();
  const ranked = people.map((person) => ({ person, rank: rank(person, wanted) })).filter(({ rank }) => rank < 3);
  ranked.sort((a, b) => a.rank - b.rank || a.person.name.localeCompare(b.person.name));
  return ranked.slice(0, offered).map(({ person }) => person);
}

/** The text with the name in the place of what was typed, and where the caret then stands. */
export function completed(text, { start, typed }, person) {
  const head = `${text.slice(0, start)}@${handleOf(person)} `;
  const rest = text.slice(start + 1 + typed.length).replace(/^ /, '');
  return { text: head + rest, caret: head.length };
}

/** What stands after the at sign: the name, with hyphens between its words, or the id where it has other signs. */
export function handleOf({ id, name }) {
  const handle = name.trim().replace(/\s+/g, '-');
  return /^[\p{L}\p{N}_.~-]+$/u.test(handle) ? handle : id;
}

/** The ids of those whom a text mentions, and `@all` where it has that. */
export function mentionsIn(text, people) {
  const named = new Set([...text.matchAll(/@([\p{L}\p{N}_.~-]+)/gu)].flatMap(([, name]) => [name, trimmed(name)]));
  const ids = people.filter((person) => named.has(handleOf(person)) || named.has(person.id)).map(({ id }) => id);
  return named.has('all') ? ['@all', ...ids] : ids;
}

function trimmed(name) {
  return name.replace(/[.~-]+$/, '');
}

function rank({ id, name }, wanted) {
  const [lowName, lowId] = [name.toLocaleLowerCase(), id.toLocaleLowerCase()];
  if (lowName.startsWith(wanted)) return 0;
  if (lowId.startsWith(wanted)) return 1;
  return lowName.split(/\s+/).some((word) => word.startsWith(wanted)) ? 2 : 3;
}
