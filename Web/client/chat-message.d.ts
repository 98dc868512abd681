// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: Hibiki contributors

import type { Schema } from './protobuf.js';

/** `ChatMessage` of Proto/hibiki.proto, under the names that it has in JSON. */
export const chatMessage: Schema;
/** The message as it stands in JSON, from its fields. */
export function messageFromFields(fields: Record<string, unknown>): Record<string, unknown>;
/** The fields of a message as it stands in JSON. Throws a `TypeError` for a type that there is not. */
export function fieldsOfMessage(message: Record<string, unknown>): Record<string, unknown>;
