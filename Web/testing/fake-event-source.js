// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: Hibiki contributors

/** An EventSource class whose streams the test plays the server of. */
export function fakeEventSource() {
  return class FakeEventSource {
    static made = [];
    static get last() {
      return this.made.at(-1);
    }

    readyState = 0;
    #listeners = new Map();

    constructor(url) {
      this.url = url;
      this.constructor.made.push(this);
    }

    addEventListener(name, listener) {
      this.#listeners.set(name, [...(this.#listeners.get(name) ?? []), listener]);
    }

    close() {
      this.readyState = 2;
    }

    open() {
      this.readyState = 1;
      this.onopen({});
    }

    receive(name, data, lastEventId = '') {
      const event = { data: typeof data === 'string' ? data : JSON.stringify(data), lastEventId };
      for (const listener of this.#listeners.get(name) ?? []) listener(event);
    }

    fail({ forGood = false } = {}) {
      this.readyState = forGood ? 2 : 0;
      this.onerror({});
    }
  };
}
