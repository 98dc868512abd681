// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: Hibiki contributors

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { candidates, completed, handleOf, mentionAt, mentionsIn } from '../chat/completion.js';
import { findEmoji, isEmoji } from '../chat/emoji.js';
import { messageId, sequenceOf } from '../chat/message-id.js';
import { isAskable, parseQuery, withIds } from '../chat/search-query.js';
import { spansOf } from '../chat/spans.js';

const brief = (spans) => spans.map(({ kind, text, href }) => [kind, text, ...(href ? [href] : [])]);
const ada = { id: 'ada', name: 'Ada' };
const grace = { id: 'guest-7', name: 'Grace Hopper' };

test('links of three schemes become links, without what ends the sentence', () => {
  assert.deepEqual(brief(spansOf('see https://example.org/a_(b). Or (http://x.y/z)!')), [
    ['text', 'see '], ['link', 'https://example.org/a_(b)', 'https://example.org/a_(b)'], ['text', '. Or ('],
    ['link', 'http://x.y/z', 'http://x.y/z'], ['text', ')!'],
  ]);
  assert.deepEqual(brief(spansOf('mailto:a@b.org')), [['link', 'mailto:a@b.org', 'mailto:a@b.org']]);
});

test('nothing else becomes a link, and markup stays text', () => {
  const texts = ['javascript:alert(1)', 'data:text/html,x', '<img src=x onerror=alert(1)>', 'https://', 'vbscript:x',
    'ftp://x'];
  for (const text of texts) {
    const spans = spansOf(text);
    assert.deepEqual([spans.map(({ text: part }) => part).join(''), spans.some(({ kind }) => kind === 'link')],
      [text, false]);
  }
  const [, link] = spansOf('x https://a.b/"onmouseover="x');
  assert.equal(link.href, 'https://a.b/');
});

test('a text taken apart is the whole text', () => {
  const text = 'a @ada, b@ada.org `code @ada` https://x.y?q=1, @nobody 日本 @ada.';
  const isPerson = (name) => name === 'ada';
  const spans = spansOf(text, isPerson);
  assert.equal(spans.map((span) => (span.kind === 'code' ? `\`${span.text}\`` : span.text)).join(''), text);
  assert.deepEqual(spans.filter(({ kind }) => kind === 'mention').map((span) => span.text), ['@ada', '@ada']);
});

test('words are strong, struck or stressed, and code stays as it is', () => {
  assert.deepEqual(brief(spansOf('**a b** ~~c~~ _d_ `**e**`')), [
    ['strong', 'a b'], ['text', ' '], ['struck', 'c'], ['text', ' '], ['emphasis', 'd'], ['text', ' '], ['code', '**e**'],
  ]);
  assert.deepEqual(brief(spansOf('x\n```swift\nlet a = `b`\n  c\n```')), [['text', 'x\n'], ['block', 'let a = `b`\n  c']]);
  for (const text of ['snake_case_name', '2 ** 3 ** 4', '** a **', '~~', '**', '__', '```', '_ a _', 'a~~ b ~~c']) {
    assert.deepEqual(brief(spansOf(text)), [['text', text]]);
  }
});

test('a text of nothing but signs is read to its end', () => {
  for (const sign of ['`', '**', '~~', '_', '```', '``a', '_a', '**a', '`a`', '```a', '``']) {
    const text = sign.repeat(16_000 / sign.length);
    const length = (spans) => spans.reduce((sum, { text: part }) => sum + part.length, 0);
    assert.ok(length(spansOf(text)) <= text.length);
  }
});

test('a name is completed where the caret stands, and becomes a mention', () => {
  assert.deepEqual(mentionAt('hello @gr', 9), { start: 6, typed: 'gr' });
  assert.equal(mentionAt('mail@gr', 7), null);
  assert.equal(mentionAt('@gr and', 7), null);
  assert.deepEqual(candidates([ada, grace], 'hop'), [grace]);
  assert.deepEqual(candidates([grace, ada], ''), [ada, grace]);
  assert.deepEqual(completed('hi @gr there', { start: 3, typed: 'gr' }, grace),
    { text: 'hi @Grace-Hopper there', caret: 17 });
  assert.deepEqual(mentionsIn('@Ada and @guest-7.', [ada, grace]), ['ada', 'guest-7']);
  assert.deepEqual(mentionsIn('(@Grace-Hopper)', [ada, grace]), ['guest-7']);
  assert.equal(handleOf({ id: 'guest-8', name: 'A/B' }), 'guest-8');
  assert.deepEqual(mentionsIn('@Adam, @all.', [ada, grace]), ['@all']);
});

test('a query is understood before it is asked', () => {
  const { words, filters } = parseQuery('deploy from:ada in:"the room" has:link before:2026-11-01 http://x');
  assert.deepEqual(words, ['deploy', 'http://x']);
  assert.deepEqual(filters.map(({ name, value, problem }) => [name, value, problem]), [
    ['from', 'ada', null], ['in', 'the room', null], ['has', 'link', null], ['before', '2026-11-01', null],
  ]);
  const ids = { 'from ada': 'guest 1', 'in the room': 'r7' };
  const asked = withIds({ words, filters }, (name, value) => ids[`${name} ${value}`] ?? value);
  assert.equal(asked, 'deploy http://x from:"guest 1" in:r7 has:link before:2026-11-01');
  assert.equal(isAskable(parseQuery('after:yesterday')), false);
  assert.equal(isAskable(parseQuery('after:2026-02-31')), false);
  assert.equal(isAskable(parseQuery('has:nothing x')), false);
  assert.equal(isAskable(parseQuery('  ')), false);
  assert.equal(isAskable(parseQuery('from:ada')), true);
});

test('one emoji is one, however many code points it has', () => {
  assert.deepEqual(['👍🏽', '👨‍👩‍👧', '❤️', '👍👍', 'ab', '', 'a👍'].map(isEmoji),
    [true, true, true, false, false, false, false]);
  assert.deepEqual(findEmoji('bug').map(([sign]) => sign), ['🐛']);
});

test('the sequence of an id stands after its last hyphen', () => {
  assert.deepEqual([sequenceOf('a-b-12'), sequenceOf(messageId('r', 7)), sequenceOf('a'), sequenceOf(null)],
    [12, 7, 0, 0]);
});
