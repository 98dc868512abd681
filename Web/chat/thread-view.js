// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: Hibiki contributors

import { make, reconcile } from './chat-dom.js';
import { mentionsIn } from './completion.js';
import { MentionField } from './mention-field.js';
import { makeRow } from './message-view.js';
import { rightsIn } from './rights.js';

/** One thread: the message that it begins with, and the answers to it. */
export class ThreadView {
  #session;
  #context;
  #list;
  #tools;
  #form;

  /** @param tools gives the tools of messages */
  constructor(session, context, tools) {
    this.#session = session;
    this.#context = context;
    this.#tools = tools;
  }

  title() {
    return 'Thread';
  }

  async show(body, id) {
    this.#list = make('ol', { class: 'messages thread', 'aria-label': 'Messages of the thread' });
    this.#tools().serve(this.#list);
    const field = make('textarea', {
      rows: '2', 'aria-label': 'Answer in the thread', placeholder: 'Answer', maxlength: '16000',
      'aria-autocomplete': 'list', 'aria-controls': 'thread-offers',
    });
    const button = make('button', { type: 'submit', class: 'primary' }, 'Answer');
    const offers = make('ul', {
      class: 'offers', id: 'thread-offers', role: 'listbox', 'aria-label': 'People', hidden: true,
    });
    const mentions = new MentionField(field, offers, () => this.#session.state.peopleToMention());
    const form = make('form', { class: 'answer' }, offers, field, button);
    form.addEventListener('submit', (event) => this.#submit(event, field));
    field.addEventListener('input', () => field.value !== '' && this.#session.typed());
    field.addEventListener('blur', () => this.#session.leaveField());
    field.addEventListener('keydown', (event) => {
      if (event.isComposing || mentions.press(event)) return;
      if (event.key !== 'Enter' || event.shiftKey) return;
      event.preventDefault();
      form.requestSubmit();
    });
    this.#form = form;
    body.append(this.#list, form);
    field.focus();
    await this.#session.openThread(id);
    this.update();
  }

  update() {
    const { open: room } = this.#session.state;
    if (!room || !this.#list.isConnected) return;
    this.#form.hidden = !rightsIn(room, Date.now()).write;
    const context = { ...this.#context(), isThread: true };
    reconcile(this.#list, this.#session.threadRows(), { key: (row) => row.key, make: (row) => makeRow(row, context) });
  }

  end() {
    this.#session.threads.close();
  }

  #submit(event, field) {
    event.preventDefault();
    const content = field.value.trim();
    const { thread } = this.#session.state.open;
    if (content === '' || !thread) return;
    field.value = '';
    const mentions = mentionsIn(content, this.#session.state.peopleToMention());
    this.#session.send({ content, threadId: thread.id, mentions: mentions.length > 0 ? mentions : undefined });
  }
}
