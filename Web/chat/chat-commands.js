// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: Hibiki contributors

/** What one asks of the server once, and is told when it fails: a failure gives undefined. */
export class ChatCommands {
  #api;
  #trying;

  /** @param trying runs what it is given, and says what went wrong */
  constructor(api, trying) {
    this.#api = api;
    this.#trying = trying;
  }

  edit({ id, roomId }, content) {
    return this.#trying(() => this.#api.edit(id, roomId, content));
  }

  remove({ id, roomId }) {
    return this.#trying(() => this.#api.remove(id, roomId));
  }

  react({ id, roomId }, emoji, isOn) {
    return this.#trying(() => this.#api.react(id, roomId, emoji, isOn));
  }

  pin({ id, roomId }, isOn) {
    return this.#trying(() => this.#api.pin(id, roomId, isOn));
  }

  async pins(roomId) {
    return await this.#trying(() => this.#api.pins(roomId)) ?? [];
  }

  search(text, cursor) {
    return this.#trying(() => this.#api.search(text, cursor));
  }

  async publicRooms() {
    return await this.#trying(() => this.#api.publicRooms()) ?? [];
  }

  edits({ id, roomId }) {
    return this.#trying(() => this.#api.edits(id, roomId));
  }

  reports(roomId) {
    return this.#trying(() => this.#api.reports(roomId));
  }

  /** A message as it is now, or null for one that is gone. */
  message(id, roomId) {
    return this.#api.message(id, roomId).catch(() => null);
  }
}
