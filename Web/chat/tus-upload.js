// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: Hibiki contributors

import { HibikiError } from '../client/hibiki-error.js';
import { parseRetryAfter } from '../client/request.js';

/** Bytes of one request: what is lost at most when a connection breaks. */
const chunkBytes = 256 * 1024;
const firstDelay = 500;
const longestDelay = 15_000;
const version = { 'tus-resumable': '1.0.0' };

/**
 * One file on its way by tus 1.0 (resumable uploads): created once, then sent in pieces; after a broken connection the
 * server is asked how much it has, and the rest follows.
 */
export class TusUpload {
  sent = 0;
  #file;
  #options;
  #abort = new AbortController();

  /** @param options `{ url, token, metadata, progress(sent), resumeAt, created(location), clock, fetch }` */
  constructor(file, options) {
    this.#file = file;
    this.#options = options;
    this.location = options.resumeAt ?? null;
  }

  /** @returns the path of the upload when the server has the whole file */
  async run() {
    if (this.location !== null) await this.#ask();
    if (this.location === null) await this.#persistently(() => this.#create());
    while (this.sent < this.#file.size) await this.#persistently((isAgain) => this.#piece(isAgain));
    return this.location;
  }

  stop() {
    this.#abort.abort();
  }

  async #create() {
    const { headers } = await this.#request(this.#options.url, 'POST', {
      'upload-length': String(this.#file.size), 'upload-metadata': metadata(this.#options.metadata),
    });
    const location = headers.get('location');
    if (!location) throw new HibikiError('http', 'the server named no place for the upload');
    this.location = new URL(location, new URL(this.#options.url, globalThis.location?.href)).href;
    this.#options.created?.(this.location);
    this.#reached(0);
  }

  async #piece(isAgain) {
    if (isAgain) await this.#ask();
    if (this.location === null) await this.#create();
    const piece = this.#file.slice(this.sent, this.sent + chunkBytes);
    if (piece.size === 0) return;
    const { headers } = await this.#request(this.location, 'PATCH', {
      'upload-offset': String(this.sent), 'content-type': 'application/offset+octet-stream',
    }, piece);
    this.#reached(offsetIn(headers));
  }

  /** How much the server has. An upload that it has forgotten begins again. */
  async #ask() {
    try {
      const { headers } = await this.#request(this.location, 'HEAD', {});
      this.#reached(offsetIn(headers));
    } catch (error) {
      if (error.status !== 404 && error.status !== 410) {
        if (error.retry) return;
        throw error;
      }
      this.location = null;
      this.#reached(0);
    }
  }

  /** Tries until it works, or the server refuses. */
  async #persistently(work) {
    for (let tries = 0; ; tries += 1) {
      try {
        return await work(tries > 0);
      } catch (error) {
        // The server is at another offset than we are, for an answer was lost; or still at the request that broke.
        if (!error.retry && ![409, 423].includes(error.status)) throw error;
        await this.#sleep(Math.max(error.retryAfter ?? 0, Math.min(longestDelay, firstDelay * 2 ** tries)));
      }
    }
  }

  #reached(offset) {
    this.sent = offset;
    this.#options.progress?.(offset);
  }

  /** No JSON comes back, but headers. */
  async #request(url, method, headers, body) {
    const { fetch = (...values) => globalThis.fetch(...values), token, clock } = this.#options;
    let response;
    try {
      response = await fetch(url, {
        method, headers: { ...version, ...headers, authorization: `Bearer ${token}` }, body, signal: this.#abort.signal,
      });
    } catch (cause) {
      if (this.#abort.signal.aborted) throw givenUp();
      throw new HibikiError('network', 'the request failed', { retry: true, cause });
    }
    if (response.ok) return response;
    const told = await response.json().then((body) => body.error, () => null);
    throw new HibikiError(told?.code ?? 'http', told?.message ?? `the server answered ${response.status}`, {
      status: response.status, retry: told?.retry ?? (response.status >= 500 || response.status === 429),
      retryAfter: parseRetryAfter(response.headers.get('retry-after'), clock.now()),
    });
  }

  #sleep(milliseconds) {
    const { signal } = this.#abort;
    return new Promise((resolve, reject) => {
      if (signal.aborted) return reject(givenUp());
      const timer = this.#options.clock.setTimeout(resolve, milliseconds);
      signal.addEventListener('abort', () => {
        this.#options.clock.clearTimeout(timer);
        reject(givenUp());
      }, { once: true });
      return undefined;
    });
  }
}

function givenUp() {
  return new HibikiError('closed', 'the upload was given up');
}

function offsetIn(headers) {
  const offset = Number(headers.get('upload-offset') ?? NaN);
  if (Number.isInteger(offset) && offset >= 0) return offset;
  throw new HibikiError('http', 'the answer has no offset', { retry: true });
}

function base64(text) {
  return btoa(Array.from(new TextEncoder().encode(text), (byte) => String.fromCharCode(byte)).join(''));
}

/** Upload-Metadata of tus: keys with values in base64 of UTF-8. */
function metadata(values) {
  return Object.entries(values).map(([key, value]) => `${key} ${base64(String(value))}`).join(',');
}
