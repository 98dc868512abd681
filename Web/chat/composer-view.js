// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: Hibiki contributors

import { byId, setText } from './chat-dom.js';
import { briefly } from './chat-state.js';
import { shortly } from './chat-words.js';
import { handleOf, mentionsIn } from './completion.js';
import { MentionField } from './mention-field.js';
import { pickEmoji } from './reaction-picker.js';
import { silenceWords } from './rights.js';
import { UploadsView } from './uploads-view.js';

const tallest = 200;
/** What a timer holds. */
const longest = 2 ** 31 - 1;

/** The field in which a message is written, with what it answers or changes, and its files. */
export class ComposerView {
  #session;
  #storage;
  #field = byId('text');
  #offers;
  #uploads;
  /** `{ kind: 'reply' | 'edit', message }`, or null. */
  #context = null;
  #roomId = null;
  /** The timer at the end of a mute. */
  #silence;
  /** Whether the message is to go as soon as its files are uploaded. */
  #isWaiting = false;

  constructor(session, storage, uploads, sent) {
    this.#session = session;
    this.#storage = storage;
    this.sent = sent;
    this.#offers = new MentionField(this.#field, byId('offers'), () => this.#session.state.peopleToMention());
    const options = { ...uploads, storage, roomId: () => this.#session.state.openId };
    this.#uploads = new UploadsView(options, () => this.#filesChanged());
    byId('composer').addEventListener('submit', (event) => this.#submit(event));
    byId('emoji').addEventListener('click', () => this.#addEmoji());
    byId('context-end').addEventListener('click', () => this.#end());
    this.#field.addEventListener('input', () => this.#typed());
    this.#field.addEventListener('change', () => this.#typed());
    this.#field.addEventListener('blur', () => session.leaveField());
    this.#field.addEventListener('keydown', (event) => this.#pressed(event));
  }

  opened() {
    const room = this.#session.state.open;
    this.showRight();
    if (room === null || room.id === this.#roomId) return;
    this.#roomId = room.id;
    this.#context = null;
    this.#isWaiting = false;
    this.#field.value = this.#storage.note(this.#draft) ?? '';
    this.#field.placeholder = `Message to ${this.#session.state.titleOf(room)}`;
    this.#showContext();
    this.#fit();
    this.#showReady();
  }

  /** Whether one may write in the open room, and why not. */
  showRight() {
    const room = this.#session.state.open;
    const words = room ? silenceWords(room, Date.now(), shortly) : '';
    byId('composer').hidden = room === null || words !== '';
    byId('silence').hidden = words === '';
    setText(byId('silence'), words);
    clearTimeout(this.#silence);
    const rest = words === '' ? NaN : room.mutedUntil - Date.now();
    if (rest > 0) this.#silence = setTimeout(() => this.showRight(), Math.min(rest + 10, longest));
  }

  /** Puts somebody's name where the caret is. */
  mention(person) {
    const before = this.#field.value.slice(0, this.#field.selectionStart);
    this.#insert(`${/\S$/.test(before) ? ' ' : ''}@${handleOf(person)} `);
  }

  async #addEmoji() {
    const emoji = await pickEmoji();
    if (emoji) this.#insert(emoji);
  }

  #insert(text) {
    const { selectionStart, selectionEnd } = this.#field;
    this.#field.setRangeText(text, selectionStart, selectionEnd, 'end');
    this.#typed();
    this.focus();
  }

  focus() {
    this.#field.focus();
  }

  reply(message) {
    this.#begin({ kind: 'reply', message });
  }

  edit(message) {
    this.#begin({ kind: 'edit', message });
    this.#field.value = message.content;
    this.#fit();
    this.#showReady();
  }

  get #draft() {
    return `draft.${this.#session.state.me.id}.${this.#roomId}`;
  }

  #begin(context) {
    if (this.#context?.kind === 'edit') this.#field.value = '';
    this.#context = context;
    this.#showContext();
    this.#field.focus();
  }

  #end() {
    if (this.#context?.kind === 'edit') this.#field.value = this.#storage.note(this.#draft) ?? '';
    this.#context = null;
    this.#showContext();
    this.#fit();
    this.#showReady();
    this.#field.focus();
  }

  #showContext() {
    byId('context').hidden = this.#context === null;
    if (this.#context === null) return;
    const { kind, message } = this.#context;
    const name = message.userName ?? this.#session.state.open.nameOf(message.userId);
    setText(byId('context-text'), kind === 'edit' ? 'Editing your message' : `Reply to ${name}: ${briefly(message)}`);
    setText(byId('send'), kind === 'edit' ? 'Save' : 'Send');
  }

  #pressed(event) {
    if (event.isComposing || this.#offers.press(event)) return;
    if (event.key === 'Enter' && !event.shiftKey) {
      event.preventDefault();
      byId('composer').requestSubmit();
    } else if (event.key === 'Escape' && this.#context) {
      event.stopPropagation();
      this.#end();
    } else if (event.key === 'ArrowUp' && this.#field.value === '') {
      this.#editLast(event);
    }
  }

  #editLast(event) {
    const { open, me } = this.#session.state;
    const isMine = ({ userId, deletedAt, type }) => userId === me.id && !deletedAt && type !== 'system';
    const last = open.timeline.messages.findLast(isMine);
    if (!last) return;
    event.preventDefault();
    this.edit(last);
  }

  #typed() {
    this.#isWaiting = false;
    this.#fit();
    this.#showReady();
    if (this.#context?.kind === 'edit') return;
    this.#storage.keepNote(this.#draft, this.#field.value);
    if (this.#field.value !== '') this.#session.typed();
  }

  #fit() {
    this.#field.style.height = 'auto';
    if (this.#field.value === '') return;
    this.#field.style.height = `${Math.min(tallest, this.#field.scrollHeight + 2)}px`;
  }

  #showReady() {
    const isEmpty = this.#field.value.trim() === '' && this.#uploads.count === 0;
    byId('send').disabled = isEmpty || this.#isWaiting;
    if (!this.#context) setText(byId('send'), this.#isWaiting ? 'Uploading' : 'Send');
  }

  #filesChanged() {
    const isTimeToSend = this.#isWaiting && !this.#uploads.isBusy;
    if (this.#uploads.count === 0 || isTimeToSend) this.#isWaiting = false;
    this.#showReady();
    if (isTimeToSend) byId('composer').requestSubmit();
  }

  async #submit(event) {
    event.preventDefault();
    if (byId('send').disabled) return;
    if (this.#uploads.isBusy) {
      this.#isWaiting = true;
      this.#showReady();
      return;
    }
    const content = this.#field.value.trim();
    const mentions = mentionsIn(content, this.#session.state.peopleToMention());
    const context = this.#context;
    this.#context = null;
    this.#field.value = '';
    this.#storage.keepNote(this.#draft, null);
    if (context?.kind === 'edit') await this.#session.commands.edit(context.message, content);
    else this.#send(content, mentions, context?.message);
    this.#showContext();
    this.#fit();
    this.#showReady();
    this.#field.focus();
  }

  #send(content, mentions, quoted) {
    const attachments = this.#uploads.take();
    const isPicture = attachments.length > 0 && attachments.every(({ type }) => type.startsWith('image/'));
    this.#session.send({
      content, mentions: mentions.length > 0 ? mentions : undefined,
      type: attachments.length === 0 ? undefined : isPicture ? 'image' : 'file',
      attachments: attachments.length > 0 ? attachments : undefined,
      replyTo: quoted && { id: quoted.id, userId: quoted.userId, content: quoted.content },
      threadId: quoted?.threadId,
    });
    this.sent();
  }
}
