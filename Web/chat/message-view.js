// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: Hibiki contributors

import { avatar, make } from './chat-dom.js';
import { briefly } from './chat-state.js';
import { bytes, count, exactly, timeOf } from './chat-words.js';
import { sequenceOf } from './message-id.js';
import { hasReacted } from './reactions.js';
import { spansOf } from './spans.js';
import { sequenceOfRow, stateWords } from './timeline-rows.js';

/**
 * Makes the element of one row of a timeline.
 *
 * @param context `{ me, kind, nameOf(id), isPerson(handle), nameOfHandle(handle), jump(sequence), thread(id),
 *   react(message, emoji, isOn), retry(clientId), discard(clientId), person(id, button), edits(message) }`
 */
export function makeRow(row, context) {
  if (row.kind === 'day') return make('li', { class: 'day' }, make('h3', {}, row.day));
  if (row.kind === 'unread') return make('li', { class: 'unread-line' }, make('h3', {}, 'New'));
  if (row.message.type === 'system') {
    return make('li', { class: 'system', tabindex: '-1', 'data-sequence': sequenceOfRow(row) }, row.message.content);
  }
  return makeMessage(row, context);
}

function makeMessage(row, context) {
  const { message } = row;
  const author = row.author ?? context.nameOf(message.userId);
  const sequence = sequenceOfRow(row);
  const element = make('li', {
    class: 'message', tabindex: '-1', 'data-sequence': sequence || undefined, 'data-joined': row.isJoined,
    'data-mention': row.mentionsMe, 'data-state': row.state, 'data-mine': row.isMine,
  });
  const label = make('p', { class: 'by' }, authorButton(message, author, context), ' ', timeElement(message));
  element.append(
    row.isJoined ? make('span', { class: 'gutter' }, timeElement(message)) : avatar(message.userId, author),
    make('div', { class: 'body' },
      row.isJoined ? make('p', { class: 'unseen' }, `${author}, `) : label,
      threadOf(message, context), quoteOf(message, context), contentOf(message, context),
      attachmentsOf(message, context), reactionsOf(message, context), footOf(row, context)),
  );
  return element;
}

/** No stop for the Tab key: the panel of the people has the same. */
function authorButton({ userId }, author, context) {
  return make('button', {
    type: 'button', class: 'name', tabindex: '-1', 'aria-haspopup': 'menu', 'aria-expanded': 'false',
    onclick: ({ currentTarget }) => context.person(userId, currentTarget),
  }, author);
}

function timeElement({ timestamp }) {
  return make('time', { datetime: new Date(timestamp).toISOString(), title: exactly(timestamp) }, timeOf(timestamp));
}

function contentOf({ content = '', deletedAt }, context) {
  if (deletedAt) return make('p', { class: 'content deleted' }, 'This message was deleted.');
  if (content === '') return null;
  return make('div', { class: 'content', dir: 'auto' }, contentOfSpan(content, context));
}

function contentOfSpan(text, context) {
  return spansOf(text, context.isPerson).map((span) => spanElement(span, context));
}

function spanElement({ kind, text, href }, context) {
  switch (kind) {
    case 'link': return make('a', { href, target: '_blank', rel: 'noopener noreferrer nofollow' }, text);
    case 'code': return make('code', {}, text);
    case 'block': return make('pre', {}, make('code', {}, text));
    case 'mention': return make('b', { class: 'mention' }, `@${context.nameOfHandle(text.slice(1))}`);
    case 'strong': return make('strong', {}, contentOfSpan(text, context));
    case 'struck': return make('s', {}, contentOfSpan(text, context));
    case 'emphasis': return make('em', {}, contentOfSpan(text, context));
    default: return text;
  }
}

function quoteOf({ replyTo }, context) {
  if (!replyTo) return null;
  const text = replyTo.content ? briefly(replyTo) : 'a deleted message';
  const onclick = () => context.jump(sequenceOf(replyTo.id));
  return make('button', { type: 'button', class: 'quote', onclick, 'data-action': 'quote' },
    make('span', { class: 'unseen' }, 'In reply to '), make('strong', {}, context.nameOf(replyTo.userId)), ` ${text}`);
}

function threadOf({ threadId }, context) {
  if (!threadId || context.isThread) return null;
  const onclick = () => context.thread(threadId);
  return make('button', { type: 'button', class: 'of-thread', onclick, 'data-action': 'of' }, 'in a thread');
}

function attachmentsOf({ attachments = [], deletedAt }, context) {
  if (deletedAt || attachments.length === 0) return null;
  const items = attachments.map((one) => make('li', {}, attachmentElement(one, context)));
  return make('ul', { class: 'attachments' }, items);
}

/** Only pictures are shown, by their thumbnail; everything else is downloaded. */
function attachmentElement({ id, name, type = '', size = 0, width, height }, { links }) {
  const label = `${name}, ${bytes(size)}`;
  const isPicture = type.startsWith('image/');
  const button = make('button', {
    type: 'button', class: 'attachment', title: label,
    'aria-label': isPicture ? `Look at ${label}` : `Download ${label}`,
    'data-action': `file ${id}`, onclick: async () => openFile(await links.get(id, 'file'), isPicture),
  });
  if (isPicture) button.append(picture(id, { name, width, height }, links));
  else button.append(make('span', { class: 'file' }, name), ` ${bytes(size)}`);
  return button;
}

/** Its place is kept before it is there, so that nothing moves when it comes. One without a thumbnail is shown itself. */
function picture(id, { name, width, height }, links) {
  const image = make('img', { alt: name, width, height });
  const load = async ([kind, ...others]) => {
    const address = kind && ownAddress(await links.get(id, kind));
    if (!address) return image.replaceWith(make('span', { class: 'file' }, name));
    image.onerror = () => load(others);
    image.src = address;
  };
  load(['thumbnail', 'file']);
  return image;
}

function openFile(url, isPicture) {
  const address = ownAddress(url);
  if (!address) return;
  if (isPicture) open(address, '_blank', 'noopener');
  else location.assign(`${address}&download=1`);
}

/** Of this server; nothing else is ever asked for. */
function ownAddress(text) {
  if (typeof text !== 'string') return null;
  const url = new URL(text, location.origin);
  return url.origin === location.origin ? url.href : null;
}

function reactionsOf(message, context) {
  const { reactions = [], deletedAt } = message;
  if (deletedAt || reactions.length === 0) return null;
  return make('ul', { class: 'reactions', 'aria-label': 'Reactions' }, reactions.map((reaction) => {
    const isOn = hasReacted(message, reaction.emoji, context.me);
    const names = reaction.users.map((id) => (id === context.me ? 'you' : context.nameOf(id))).join(', ');
    return make('li', {}, make('button', {
      type: 'button', 'aria-pressed': String(isOn), title: names, 'data-action': `react ${reaction.emoji}`,
      'aria-label': `${reaction.emoji} ${reaction.count}: ${names}`,
      onclick: () => context.react(message, reaction.emoji, !isOn),
    }, `${reaction.emoji} ${reaction.count}`));
  }));
}

function footOf(row, context) {
  const { message } = row;
  const parts = [];
  if (message.pinned) parts.push(make('span', {}, 'Pinned'));
  if (message.editedAt && !message.deletedAt) {
    parts.push(make('button', {
      type: 'button', title: exactly(message.editedAt), 'aria-label': 'Edited: earlier wordings', 'data-action': 'edits',
      onclick: () => context.edits(message),
    }, 'edited'));
  }
  if (message.replies > 0 && !context.isThread) {
    const onclick = () => context.thread(message.id);
    const words = count(message.replies, 'reply', 'replies');
    parts.push(make('button', { type: 'button', class: 'replies', onclick, 'data-action': 'replies' }, words));
  }
  const words = row.isTold ? stateWords(row, context.kind) : '';
  if (words) parts.push(make('span', { class: 'state' }, words));
  if (row.state === 'refused') parts.push(...refusedParts(message, context));
  return parts.length === 0 ? null : make('p', { class: 'foot' }, parts);
}

function refusedParts({ clientId, error }, context) {
  return [
    make('span', { class: 'fault' }, error),
    make('button', { type: 'button', onclick: () => context.retry(clientId), 'data-action': 'retry' }, 'Try again'),
    make('button', { type: 'button', onclick: () => context.discard(clientId), 'data-action': 'discard' }, 'Give up'),
  ];
}
