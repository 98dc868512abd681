// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: Hibiki contributors

export { Backoff, spread, type BackoffOptions } from './backoff.js';
export { type Clock } from './clock.js';
export { EventStream, type EventStreamOptions, type StreamHandler } from './event-stream.js';
export {
  HibikiClient, type DirectMessage, type Gap, type HibikiClientEvents, type HibikiClientOptions, type State,
  type SubscribeOptions, type Subscription, type Transport,
} from './hibiki-client.js';
export { HibikiError } from './hibiki-error.js';
export { LongPoll, type HibikiEvent, type LongPollEvents, type LongPollOptions, type PollAnswer } from './long-poll.js';
export { decodeFrame, encodeFrame, type NativeMessage } from './protobuf-frames.js';
export {
  ReconnectingWebSocket, mayComeBack, type MessageCodec, type ReconnectingWebSocketEvents, type ReconnectingWebSocketOptions,
  type SocketClose,
} from './reconnecting-websocket.js';
export { TokenSource, type Token } from './token-source.js';
