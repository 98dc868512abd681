// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: Hibiki contributors

import { byId, setText } from './chat-dom.js';
import { briefly } from './chat-state.js';
import { problem } from './notices.js';

const note = 'notify';

/** Tells of mentions and direct messages through the system while nobody looks at the page, for who wants it. */
export class Notifier {
  #storage;
  #state;
  #go;
  #button = byId('notify');

  /** @param go goes to a room */
  constructor(storage, state, go) {
    this.#storage = storage;
    this.#state = state;
    this.#go = go;
    this.#button.hidden = typeof Notification === 'undefined';
    this.#button.addEventListener('click', () => this.#toggle());
    this.#show();
  }

  get #isOn() {
    return typeof Notification !== 'undefined' && Notification.permission === 'granted'
      && this.#storage.note(note) === 'on';
  }

  arrived(message, room) {
    const { me } = this.#state;
    if (document.hasFocus() || !this.#isOn || !concerns(message, room, me.id)) return;
    const who = message.userName ?? room.nameOf(message.userId);
    const title = room.kind === 'direct' ? who : `${who} in ${this.#state.titleOf(room)}`;
    try {
      const shown = new Notification(title, { body: briefly(message), tag: room.id, icon: '/demo/mark.svg' });
      shown.onclick = () => {
        window.focus();
        shown.close();
        this.#go(room.id);
      };
    } catch {
      // A telephone shows those of service workers only.
    }
  }

  async #toggle() {
    const isWanted = !this.#isOn;
    if (isWanted && Notification.permission !== 'granted' && await Notification.requestPermission() !== 'granted') {
      problem('Your browser does not let this page notify you: its settings do.');
    } else {
      this.#storage.keepNote(note, isWanted ? 'on' : null);
    }
    this.#show();
  }

  #show() {
    this.#button.setAttribute('aria-pressed', String(this.#isOn));
    setText(this.#button, this.#isOn ? 'Notifications: on' : 'Notifications: off');
  }
}

/** What is said to somebody, rather than to everybody in a room. */
export function concerns({ mentions = [] }, room, me) {
  return room.kind === 'direct' || mentions.some((one) => one === me || one === '@all');
}
