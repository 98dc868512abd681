// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: Hibiki contributors

export { Backoff, spread } from './backoff.js';
export { EventStream } from './event-stream.js';
export { HibikiClient } from './hibiki-client.js';
export { HibikiError } from './hibiki-error.js';
export { LongPoll } from './long-poll.js';
export { decodeFrame, encodeFrame } from './protobuf-frames.js';
export { ReconnectingWebSocket, mayComeBack } from './reconnecting-websocket.js';
export { TokenSource } from './token-source.js';
