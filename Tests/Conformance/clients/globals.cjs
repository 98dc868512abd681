// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: Hibiki contributors

// Gives Node the WebSocket and EventSource of browsers, from Debian's packages node-ws and node-eventsource.
//
//     node -r ./Tests/Conformance/clients/globals.cjs script.mjs
//
// debian(name) loads a package of /usr/share/nodejs, which an .mjs cannot import by its name.
const { createRequire } = require('node:module')

const load = createRequire('/usr/share/nodejs/')
globalThis.debian = name => {
  try {
    return load(name)
  } catch {
    return load('/usr/share/nodejs/' + name)
  }
}
globalThis.WebSocket = globalThis.debian('ws')
globalThis.EventSource = globalThis.debian('eventsource')
