// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: Hibiki contributors

export class Network {
  #target;
  #isOnline;

  constructor({ network, isOnline } = {}) {
    const global = typeof globalThis.addEventListener === 'function' ? globalThis : null;
    this.#target = network === undefined ? global : network;
    this.#isOnline = isOnline ?? (() => globalThis.navigator?.onLine !== false);
  }

  get isOnline() {
    return this.#isOnline();
  }

  onOnline(handler) {
    this.#target?.addEventListener('online', handler);
    return () => this.#target?.removeEventListener('online', handler);
  }
}
