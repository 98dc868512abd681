// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: Hibiki contributors

/** A WebSocket class whose connections the test plays the server of. */
export function fakeWebSocket() {
  return class FakeWebSocket {
    static made = [];
    static get last() {
      return this.made.at(-1);
    }

    readyState = 0;
    protocol = '';
    sent = [];
    closedWith = null;

    constructor(url, protocols) {
      this.url = url;
      this.protocols = protocols;
      this.constructor.made.push(this);
    }

    send(text) {
      if (this.readyState !== 1) throw new Error('not open');
      this.sent.push(text);
    }

    close(code, reason) {
      if (code !== undefined && code !== 1000 && !(code >= 3000 && code <= 4999)) throw new RangeError('invalid code');
      this.readyState = 2;
      this.closedWith = { code, reason };
    }

    get messages() {
      return this.sent.map((text) => JSON.parse(text));
    }

    open() {
      this.readyState = 1;
      this.onopen({});
    }

    receive(data) {
      this.onmessage({ data: typeof data === 'string' ? data : JSON.stringify(data) });
    }

    lose(code = 1006, reason = '') {
      this.readyState = 3;
      this.onclose({ code, reason, wasClean: code !== 1006 });
    }
  };
}
