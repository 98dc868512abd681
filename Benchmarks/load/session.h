// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: Hibiki contributors

#ifndef LOAD_SESSION_H
#define LOAD_SESSION_H

#include <stdbool.h>

#include "websocket.h"

struct session;

struct session_handler {
    /// What was awaited has come, or the upgrade is done where nothing is.
    void (*ready)(struct session *session);
    /// A text or binary frame after that.
    void (*message)(struct session *session, const struct frame *frame);
    /// A close frame arrived; NULL where none is expected.
    void (*closed)(struct session *session);
};

/// How a session begins, and what it speaks.
struct opening {
    const char *path;
    /// Sent after the upgrade, or NULL.
    const char *hello;
    /// Stands in the message that makes the session ready, or NULL.
    const char *await;
    /// Packets of the engine are kept from the handler.
    bool engine_io;
};

/// A WebSocket that may have to introduce itself before it is of use.
struct session {
    struct websocket websocket;
    const struct opening *opening;
    const struct session_handler *handler;
    bool ready;
};

/// `opening` and `handler` have to stay.
void session_open(struct session *session, uint32_t index, uint16_t port, const struct opening *opening,
                  const struct session_handler *handler);

#endif
