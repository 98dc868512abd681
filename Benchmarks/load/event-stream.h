// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: Hibiki contributors

#ifndef LOAD_EVENT_STREAM_H
#define LOAD_EVENT_STREAM_H

#include <stdbool.h>

#include "connection.h"

struct event_stream;

struct event_stream_handler {
    /// A line of the body, without its LF.
    void (*line)(struct event_stream *stream, const uint8_t *line, size_t length);
};

/// What `EventSource` does: one GET whose answer does not end, read line by line, chunked or not.
struct event_stream {
    struct connection connection;
    const struct event_stream_handler *handler;
    bool open;
    bool chunked;
    enum { CHUNK_SIZE, CHUNK_EXTENSION, CHUNK_DATA, CHUNK_END } state;
    size_t chunk;
    /// The beginning of a line whose end has not arrived.
    struct bytes partial;
};

void event_stream_open(struct event_stream *stream, uint32_t index, uint16_t port, const char *path,
                       const struct event_stream_handler *handler);

#endif
