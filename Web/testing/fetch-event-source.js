// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: Hibiki contributors

/** EventSource on fetch, as far as the tests need it, for a Node that has none. */
export class FetchEventSource {
  readyState = 0;
  #url;
  #abort = new AbortController();
  #listeners = new Map();
  #lastEventId = '';
  #retry = 50;

  constructor(url) {
    this.#url = url;
    this.#run();
  }

  addEventListener(name, listener) {
    this.#listeners.set(name, [...(this.#listeners.get(name) ?? []), listener]);
  }

  close() {
    this.readyState = 2;
    this.#abort.abort();
  }

  async #run() {
    while (this.readyState !== 2) {
      await this.#connect().catch(() => {});
      if (this.readyState === 2) return;
      this.readyState = 0;
      this.onerror?.({});
      if (this.readyState === 2) return;
      await new Promise((resolve) => setTimeout(resolve, this.#retry));
    }
  }

  async #connect() {
    const headers = { accept: 'text/event-stream' };
    if (this.#lastEventId) headers['last-event-id'] = this.#lastEventId;
    const response = await fetch(this.#url, { headers, signal: this.#abort.signal });
    if (response.status !== 200) {
      this.readyState = 2;
      this.onerror?.({});
      return;
    }
    this.readyState = 1;
    this.onopen?.({});
    let text = '';
    for await (const chunk of response.body.pipeThrough(new TextDecoderStream())) {
      text += chunk;
      const blocks = text.split('\n\n');
      text = blocks.pop();
      for (const block of blocks) this.#dispatch(block);
    }
  }

  #dispatch(block) {
    let name = 'message';
    const data = [];
    for (const line of block.split('\n')) {
      const [, field, value] = /^([^:]*):? ?(.*)$/s.exec(line);
      if (field === 'event') name = value;
      else if (field === 'data') data.push(value);
      else if (field === 'id') this.#lastEventId = value;
    }
    if (data.length === 0 || this.readyState === 2) return;
    const event = { data: data.join('\n'), lastEventId: this.#lastEventId };
    for (const listener of this.#listeners.get(name) ?? []) listener(event);
  }
}
