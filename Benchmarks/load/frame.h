// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: Hibiki contributors

#ifndef LOAD_FRAME_H
#define LOAD_FRAME_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "bytes.h"

/// Frames of RFC 6455 §5.2 as a client sees them: masked when sent, not masked when received.
enum { OPCODE_TEXT = 0x1, OPCODE_BINARY = 0x2, OPCODE_CLOSE = 0x8, OPCODE_PING = 0x9, OPCODE_PONG = 0xA };

struct frame {
    uint8_t opcode;
    const uint8_t *payload;
    size_t length;
    /// Header and payload.
    size_t size;
};

/// Reads the frame at the front of `bytes`; false if it is not complete yet. A fragment, a reserved bit or a mask ends
/// the process: no server that we measure has reason to send one.
bool frame_parse(const uint8_t *bytes, size_t count, struct frame *frame);

/// Appends one whole frame, masked with a fresh key.
void frame_append(struct bytes *out, uint8_t opcode, const uint8_t *payload, size_t length);

#endif
