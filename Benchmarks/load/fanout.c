// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: Hibiki contributors

// Fan-out over WebSocket: one publisher, many subscribers, every delivery checked for order and count.

#include <stdlib.h>

#include "broadcast.h"
#include "ramp.h"
#include "scenarios.h"
#include "session.h"

struct subscriber {
    struct session session;
    uint64_t expected;
};

static struct options options;
static struct subscriber *subscribers;
static uint32_t ready;

static void subscribed(struct session *session)
{
    (void) session;
    ready++;
}

static void message(struct session *session, const struct frame *frame)
{
    struct subscriber *subscriber = (struct subscriber *) session;
    uint32_t index = session->websocket.connection.index;
    broadcast_received(frame->payload, frame->length, &subscriber->expected, index);
}

static void open_one(uint32_t index)
{
    static const struct session_handler handler = {.ready = subscribed, .message = message};
    session_open(&subscribers[index].session, index, options.port, &options.opening, &handler);
}

void run_fanout(const struct options *given)
{
    options = *given;
    broadcast_prepare(&options);
    subscribers = calloc(options.connections, sizeof *subscribers);
    ramp(options.connections, &ready, open_one);
    broadcast_run("fanout");
}
