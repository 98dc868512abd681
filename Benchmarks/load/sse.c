// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: Hibiki contributors

// Fan-out over Server-Sent Events: the publisher is a WebSocket, the subscribers are event streams.

#define _GNU_SOURCE
#include <stdlib.h>
#include <string.h>

#include "broadcast.h"
#include "event-stream.h"
#include "ramp.h"
#include "scenarios.h"

struct subscriber {
    struct event_stream stream;
    uint64_t expected;
    /// The awaited line was seen; the event that it belongs to ends at the next empty line.
    bool awaited;
    bool subscribed;
};

static struct options options;
static struct subscriber *subscribers;
static uint32_t ready;

static void line(struct event_stream *stream, const uint8_t *bytes, size_t length)
{
    struct subscriber *subscriber = (struct subscriber *) stream;
    if (!subscriber->subscribed) {
        const char *await = options.opening.await ? options.opening.await : "";
        subscriber->awaited = subscriber->awaited || memmem(bytes, length, await, strlen(await));
        subscriber->subscribed = subscriber->awaited && length == 0;
        ready += subscriber->subscribed;
    } else if (length > 5 && memcmp(bytes, "data:", 5) == 0) {
        broadcast_received(bytes, length, &subscriber->expected, stream->connection.index);
    }
}

static void open_one(uint32_t index)
{
    static const struct event_stream_handler handler = {line};
    event_stream_open(&subscribers[index].stream, index, options.port, options.opening.path, &handler);
}

void run_sse(const struct options *given)
{
    options = *given;
    if (!options.marker[0]) {
        options.marker = "data: ";
    }
    broadcast_prepare(&options);
    subscribers = calloc(options.connections, sizeof *subscribers);
    ramp(options.connections, &ready, open_one);
    broadcast_run("sse");
}
