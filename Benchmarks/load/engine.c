// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: Hibiki contributors

#include "engine.h"

#include "fail.h"

/// The type of an Engine.IO packet is its first character; the type of a Socket.IO packet follows a `4`.
enum { OPEN = '0', PING = '2', MESSAGE = '4', NOOP = '6', DISCONNECT = '1', CONNECT_ERROR = '4' };

static bool refuses(const struct frame *frame)
{
    return frame->length > 1 && (frame->payload[1] == DISCONNECT || frame->payload[1] == CONNECT_ERROR);
}

bool engine_takes(struct websocket *websocket, const struct frame *frame)
{
    if (frame->opcode == OPCODE_BINARY) {
        return false;
    }
    char type = frame->length ? (char) frame->payload[0] : 0;
    if (type == OPEN || type == NOOP) {
        return true;
    }
    if (type == PING) {
        websocket_send_text(websocket, "3");
        return true;
    }
    if (type != MESSAGE || refuses(frame)) {
        fail("connection %u was told: %.*s", websocket->connection.index,
             (int) (frame->length < 300 ? frame->length : 300), (const char *) frame->payload);
    }
    return false;
}
