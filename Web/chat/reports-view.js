// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: Hibiki contributors

import { make, setText } from './chat-dom.js';
import { briefly } from './chat-state.js';
import { count, shortly } from './chat-words.js';
import { sequenceOf } from './message-id.js';
import { notice } from './notices.js';

/** Reports whose messages are read at one time. */
const pageSize = 20;

/** What was complained of in the open room and is not settled, the newest first, for those who keep order. */
export class ReportsView {
  #session;
  #go;

  constructor(session, go) {
    this.#session = session;
    this.#go = go;
  }

  title() {
    return 'Reports';
  }

  async show(body) {
    const { open: room } = this.#session.state;
    const note = make('p', { class: 'hint', role: 'status' }, 'Loading');
    const list = make('ul', { class: 'hits' });
    const more = make('button', { type: 'button', hidden: true }, 'More');
    body.append(note, list, more);
    const found = await this.#session.commands.reports(room.id);
    if (!list.isConnected) return;
    if (!found) return setText(note, 'The reports could not be read.');
    const reports = found.reverse();
    setText(note, reports.length === 0 ? 'No report waits in this room.' : count(reports.length, 'report'));
    const next = async () => {
      const page = reports.splice(0, pageSize);
      more.hidden = reports.length === 0;
      const messages = await Promise.all(page.map((one) => this.#message(room, one.messageId)));
      list.append(...page.map((report, index) => this.#item(room, report, messages[index])));
    };
    more.addEventListener('click', next);
    await next();
  }

  #message(room, id) {
    return room.find(sequenceOf(id)) ?? this.#session.commands.message(id, room.id);
  }

  #item(room, report, message) {
    const { messageId, reporter, reason, timestamp } = report;
    const who = message ? message.userName ?? room.nameOf(message.userId) : '';
    const item = make('li', {}, make('button', {
      type: 'button', class: 'hit', disabled: !message, onclick: () => this.#go(room.id, sequenceOf(messageId)),
    },
    make('span', { class: 'hint' }, `Reported by ${room.nameOf(reporter)}, ${shortly(timestamp)}`),
    reason ? make('strong', { dir: 'auto' }, reason) : null,
    make('span', { dir: 'auto' }, message ? `${who}: ${briefly(message)}` : 'The message is gone.')),
    make('p', { class: 'row' },
      this.#settling('Dismiss', 'The report is dismissed.', () => this.#settle(room, report, 'dismissed', item)),
      this.#settling('Done', 'The report is settled.', () => this.#settle(room, report, 'acted', item))));
    return item;
  }

  #settling(title, said, settle) {
    const run = async () => {
      if (await settle()) notice(said);
    };
    return make('button', { type: 'button', class: 'quiet', onclick: run }, title);
  }

  async #settle(room, report, outcome, item) {
    const isDone = await this.#session.order.settle({ ...report, roomId: room.id }, outcome);
    if (isDone) {
      const next = item.nextElementSibling ?? item.previousElementSibling;
      item.remove();
      next?.querySelector('button')?.focus();
    }
    return isDone;
  }
}
