// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: Hibiki contributors

const schemes = new Set(['http:', 'https:', 'mailto:']);
const pattern = /(`[^`\n]+`)|((?:https?:\/\/|mailto:)[^\s<>"'`]+)|(@[\p{L}\p{N}_.~-]+)/giu;

/**
 * Takes a text apart: `{ kind: 'text' | 'code' | 'link' | 'mention', text, href? }`. A link's address is one that was
 * parsed, of one of three schemes. A mention is one whose name `isPerson` knows; the rest of what has an at sign is
 * text.
 */
export function spansOf(content, isPerson = () => true) {
  const spans = [];
  let end = 0;
  for (const match of content.matchAll(pattern)) {
    const span = spanOf(match, isPerson, content[match.index - 1]);
    if (!span) continue;
    push(spans, content.slice(end, match.index));
    spans.push(span);
    end = match.index + span.length;
    delete span.length;
  }
  push(spans, content.slice(end));
  return spans;
}

function spanOf([text, code, link, mention], isPerson, before = ' ') {
  if (code) return { kind: 'code', text: code.slice(1, -1), length: code.length };
  if (link) return linkOf(text);
  // An at sign within a word is that of a mail address.
  if (/[\p{L}\p{N}]/u.test(before)) return null;
  const name = [mention, mention.replace(/[.~-]+$/, '')].find((one) => isPerson(one.slice(1)));
  return name ? { kind: 'mention', text: name, length: name.length } : null;
}

/** What ends a sentence does not belong to the address, and a bracket only if the address opens it. */
function linkOf(text) {
  let shown = text.replace(/[.,;:!?]+$/, '');
  while (shown.endsWith(')') && count(shown, ')') > count(shown, '(')) shown = shown.slice(0, -1);
  const href = addressOf(shown);
  return href ? { kind: 'link', text: shown, href, length: shown.length } : null;
}

function addressOf(text) {
  try {
    const url = new URL(text);
    return schemes.has(url.protocol) ? url.href : null;
  } catch {
    return null;
  }
}

function count(text, letter) {
  return text.split(letter).length - 1;
}

function push(spans, text) {
  if (text !== '') spans.push({ kind: 'text', text });
}
