// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: Hibiki contributors

import { Emitter } from '../client/emitter.js';

const updates = 'updates';
/** Updates of one document before they are made one. */
const most = 200;

/**
 * Keeps a document in the browser, update by update, so that what was written without a connection outlives the page.
 * Where storage is forbidden it says so, and the document is kept by the server alone.
 *
 * Emits `state`: 'keeping', 'kept', or 'impossible'.
 */
export class DocumentStorage extends Emitter {
  #yjs;
  #document;
  #name;
  #database = null;
  #waiting = 0;
  #count = 0;

  constructor(yjs, { document, name }) {
    super();
    this.#yjs = yjs;
    this.#document = document;
    this.#name = name;
  }

  /** Reads what is there, and keeps what comes from now on. */
  async open() {
    try {
      this.#database = await opened();
      await this.#join();
    } catch {
      this.#impossible();
      return;
    }
    this.#document.on('update', (update, origin) => origin !== this && this.#keep(update));
    this.emit('state', 'kept');
  }

  /** The document was deleted: it is not to come back from here. */
  async forget() {
    if (this.#database) await done(this.#store().delete(this.#keys));
  }

  get #keys() {
    return IDBKeyRange.bound([this.#name, 0], [this.#name, Infinity]);
  }

  #store() {
    return this.#database.transaction(updates, 'readwrite', { durability: 'strict' }).objectStore(updates);
  }

  /** All updates of the document become one, in one transaction: another tab may be writing. */
  async #join() {
    const store = this.#store();
    const kept = await done(store.getAll(this.#keys));
    this.#count = 0;
    if (kept.length === 0) return;
    const whole = this.#yjs.mergeUpdates(kept.map(({ update }) => update));
    if (kept.length > 1) {
      store.delete(this.#keys);
      store.put({ document: this.#name, number: 0, update: whole });
    }
    this.#yjs.applyUpdate(this.#document, whole, this);
  }

  #keep(update) {
    this.#waiting += 1;
    this.emit('state', 'keeping');
    // A number that no other tab takes; their order means nothing.
    const number = Date.now() + Math.random();
    let written;
    try {
      const store = this.#store();
      written = done(store.put({ document: this.#name, number, update }), true);
    } catch {
      this.#impossible();
      return;
    }
    written.then(() => this.#wasKept(), () => this.#impossible());
  }

  #wasKept() {
    this.#waiting -= 1;
    this.#count += 1;
    if (this.#waiting > 0) return;
    this.emit('state', 'kept');
    if (this.#count > most) this.#join().catch(() => this.#impossible());
  }

  #impossible() {
    this.emit('state', 'impossible');
  }
}

function opened() {
  const request = indexedDB.open('hibiki.documents', 1);
  request.onupgradeneeded = () => request.result.createObjectStore(updates, { keyPath: ['document', 'number'] });
  return done(request);
}

/** The result of a request; with `whole`, when all of its transaction is on the disk. */
function done(request, whole = false) {
  return new Promise((resolve, reject) => {
    request.onerror = () => reject(request.error);
    if (!whole) {
      request.onsuccess = () => resolve(request.result);
      return;
    }
    request.transaction.oncomplete = () => resolve(request.result);
    request.transaction.onabort = () => reject(request.transaction.error);
    request.transaction.commit();
  });
}
