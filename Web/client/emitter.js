// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: Hibiki contributors

/** Named events; a handler that throws does not stop the others. */
export class Emitter {
  #handlers = new Map();

  on(name, handler) {
    if (typeof handler !== 'function') throw new TypeError(`the handler of '${name}' is not a function`);
    const list = this.#handlers.get(name);
    // A new array each time: a handler added or removed during `emit` does not disturb the run.
    this.#handlers.set(name, list ? [...list, { handler }] : [{ handler }]);
    return this;
  }

  once(name, handler) {
    if (typeof handler !== 'function') throw new TypeError(`the handler of '${name}' is not a function`);
    const wrapped = (...args) => {
      this.#remove(name, (entry) => entry.handler !== wrapped);
      handler(...args);
    };
    this.#handlers.set(name, [...(this.#handlers.get(name) ?? []), { handler: wrapped, original: handler }]);
    return this;
  }

  off(name, handler) {
    if (name === undefined) this.#handlers.clear();
    else if (handler === undefined) this.#handlers.delete(name);
    else this.#remove(name, (entry) => entry.handler !== handler && entry.original !== handler);
    return this;
  }

  emit(name, ...args) {
    const list = this.#handlers.get(name);
    if (!list) return false;
    for (const { handler } of list) {
      try {
        handler(...args);
      } catch (error) {
        this.#failed(name, error);
      }
    }
    return true;
  }

  listenerCount(name) {
    return this.#handlers.get(name)?.length ?? 0;
  }

  #remove(name, keep) {
    const rest = (this.#handlers.get(name) ?? []).filter(keep);
    if (rest.length > 0) this.#handlers.set(name, rest);
    else this.#handlers.delete(name);
  }

  #failed(name, error) {
    if (name === 'error' || !this.emit('error', error)) report(error);
  }
}

export function report(error) {
  if (typeof globalThis.reportError === 'function') globalThis.reportError(error);
  else console.error(error);
}
