// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: Hibiki contributors

const schemes = new Set(['http:', 'https:', 'mailto:']);
/** Each part stops at the sign that ends it, so that no text is read more than a few times. */
const pattern = new RegExp([
  /```(?:[\w+-]*\n)?([^`]+(?:`{1,2}[^`]+)*)```\n?/, /`([^`\n]+)`/, /((?:https?:\/\/|mailto:)[^\s<>"'`]+)/,
  /(@[\p{L}\p{N}_.~-]+)/, /\*\*(?!\s)([^*\n]+)(?<!\s)\*\*/, /~~(?!\s)([^~\n]+)(?<!\s)~~/,
  /(?<![\p{L}\p{N}_])_(?!\s)([^_\n]+)(?<!\s)_(?![\p{L}\p{N}_])/,
].map(({ source }) => source).join('|'), 'giu');

/**
 * Takes a text apart: `{ kind, text, href? }`, where the kind is `text`, `code`, `block` (lines of code), `link`,
 * `mention`, `strong`, `struck` or `emphasis`; what is within the last three is to be taken apart itself. A link's
 * address is one that was parsed, of one of three schemes. A mention is one whose name `isPerson` knows; the rest of
 * what has an at sign is text.
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

function spanOf([all, block, code, link, mention, strong, struck, emphasis], isPerson, before = ' ') {
  const { length } = all;
  if (block) return { kind: 'block', text: block.replace(/\n$/, ''), length };
  if (code) return { kind: 'code', text: code, length };
  if (strong) return { kind: 'strong', text: strong, length };
  if (struck) return { kind: 'struck', text: struck, length };
  if (emphasis) return { kind: 'emphasis', text: emphasis, length };
  if (link) return linkOf(link);
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
