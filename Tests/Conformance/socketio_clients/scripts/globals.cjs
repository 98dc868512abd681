// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: Hibiki contributors

// What the browser build of socket.io-client expects beyond the globals of clients/globals.cjs: an XMLHttpRequest, from
// Debian's node-xmlhttprequest, and a FileReader, with which it turns binary into base64 for long polling.
require('../../clients/globals.cjs')

globalThis.XMLHttpRequest = globalThis.debian('xmlhttprequest').XMLHttpRequest
globalThis.FileReader = class FileReader {
  async readAsDataURL (blob) {
    const bytes = Buffer.from(await blob.arrayBuffer())
    this.result = 'data:application/octet-stream;base64,' + bytes.toString('base64')
    this.onload?.({ target: this })
  }
}
