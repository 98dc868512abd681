// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: Hibiki contributors

export function clockFrom(options = {}) {
  // The arrows matter: browsers refuse a setTimeout that is called on anything but the window.
  return {
    setTimeout: options.setTimeout ?? ((callback, milliseconds) => globalThis.setTimeout(callback, milliseconds)),
    clearTimeout: options.clearTimeout ?? ((timer) => globalThis.clearTimeout(timer)),
    now: options.now ?? (() => Date.now()),
    random: options.random ?? (() => Math.random()),
  };
}
