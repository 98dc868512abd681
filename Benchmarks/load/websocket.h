// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: Hibiki contributors

#ifndef LOAD_WEBSOCKET_H
#define LOAD_WEBSOCKET_H

#include <stdbool.h>

#include "connection.h"
#include "frame.h"

struct websocket;

struct websocket_handler {
    void (*opened)(struct websocket *websocket);
    /// A text or binary frame.
    void (*message)(struct websocket *websocket, const struct frame *frame);
    /// A close frame arrived; NULL where none is expected.
    void (*closed)(struct websocket *websocket);
};

/// The client's side of RFC 6455. It offers no extension, answers pings, and takes a message in one frame only.
struct websocket {
    struct connection connection;
    const struct websocket_handler *handler;
    bool open;
};

void websocket_open(struct websocket *websocket, uint32_t index, uint16_t port, const char *path,
                    const struct websocket_handler *handler);
/// Appends to the connection's `out`; `connection_flush` sends it.
void websocket_send(struct websocket *websocket, uint8_t opcode, const uint8_t *payload, size_t length);
void websocket_send_text(struct websocket *websocket, const char *text);

#endif
