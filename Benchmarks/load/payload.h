// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: Hibiki contributors

#ifndef LOAD_PAYLOAD_H
#define LOAD_PAYLOAD_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/// A payload is its sequence number in sixteen decimal digits and then a filler: plain text, so that it may stand
/// in a JSON string, in a text frame and on an SSE line. A message is a payload with the text around it.
enum { PAYLOAD_DIGITS = 16, PAYLOAD_MAXIMUM = 1 << 19 };

/// Fixes the size of all payloads of this process (16 to 524,288 bytes) and the text of its messages, in which
/// `@PAYLOAD@` stands for the payload.
void payload_prepare(size_t size, const char *message);
size_t payload_size(void);
/// Whether `bytes`, of which `payload_size()` must be readable, are the payload with that number.
bool payload_is(const uint8_t *bytes, uint64_t sequence);

size_t message_size(void);
/// The message around the payload with that number; valid until the next call.
const uint8_t *message_with(uint64_t sequence);
/// Whether these are the bytes of the message with that number, all of them and no more.
bool message_is(const uint8_t *bytes, size_t count, uint64_t sequence);

#endif
