// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: Hibiki contributors

/** A message of the native protocol, as it stands in JSON. */
export interface NativeMessage {
  type: string;
  id?: number | string | null;
  [name: string]: unknown;
}

/**
 * Writes a message as one `WebSocketFrame` of Proto/hibiki.proto. A `chatMessage`, as JSON has it, stands in an event in the place of
 * its payload. Throws a `TypeError` for a type that there is not.
 */
export function encodeFrame(message: NativeMessage): Uint8Array;
/** Reads one frame. A message of a chat room becomes the payload of its event. Throws for bytes that are no frame. */
export function decodeFrame(bytes: ArrayBuffer | Uint8Array): NativeMessage;
