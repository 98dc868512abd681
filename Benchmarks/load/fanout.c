// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: Hibiki contributors

// Fan-out over WebSocket: one publisher, many subscribers, every delivery checked for order and count.

#define _GNU_SOURCE
#include <stdlib.h>
#include <string.h>

#include "broadcast.h"
#include "ramp.h"
#include "scenarios.h"
#include "websocket.h"

struct subscriber {
    struct websocket websocket;
    uint64_t expected;
    bool subscribed;
};

static struct options options;
static struct subscriber *subscribers;
static uint32_t ready;

static void opened(struct websocket *websocket)
{
    struct subscriber *subscriber = (struct subscriber *) websocket;
    if (options.subscribe) {
        websocket_send_text(websocket, options.subscribe);
    }
    if (!options.await) {
        subscriber->subscribed = true;
        ready++;
    }
}

static void message(struct websocket *websocket, const struct frame *frame)
{
    struct subscriber *subscriber = (struct subscriber *) websocket;
    if (subscriber->subscribed) {
        broadcast_received(frame->payload, frame->length, &subscriber->expected, websocket->connection.index);
    } else if (memmem(frame->payload, frame->length, options.await, strlen(options.await))) {
        subscriber->subscribed = true;
        ready++;
    }
}

static void open_one(uint32_t index)
{
    static const struct websocket_handler handler = {.opened = opened, .message = message};
    websocket_open(&subscribers[index].websocket, index, options.port, options.path, &handler);
}

void run_fanout(const struct options *given)
{
    options = *given;
    broadcast_prepare(&options);
    subscribers = calloc(options.connections, sizeof *subscribers);
    ramp(options.connections, &ready, open_one);
    broadcast_run("fanout");
}
