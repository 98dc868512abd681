// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: Hibiki contributors

// Idle: many connections that do nothing until standard input ends; pings are answered.

#define _GNU_SOURCE
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "event-stream.h"
#include "ramp.h"
#include "scenarios.h"
#include "websocket.h"

struct idle_stream {
    struct event_stream stream;
    bool counted;
};

static struct options options;
static uint32_t ready;

static void opened(struct websocket *websocket)
{
    if (options.subscribe) {
        websocket_send_text(websocket, options.subscribe);
    }
    ready++;
}

static void ignore(struct websocket *websocket, const struct frame *frame)
{
    (void) websocket;
    (void) frame;
}

static void open_websocket(uint32_t index)
{
    static const struct websocket_handler handler = {.opened = opened, .message = ignore};
    websocket_open(calloc(1, sizeof(struct websocket)), index, options.port, options.path, &handler);
}

static void line(struct event_stream *stream, const uint8_t *bytes, size_t length)
{
    struct idle_stream *idle = (struct idle_stream *) stream;
    const char *await = options.await ? options.await : "";
    if (!idle->counted && memmem(bytes, length, await, strlen(await))) {
        idle->counted = true;
        ready++;
    }
}

static void open_event_stream(uint32_t index)
{
    static const struct event_stream_handler handler = {line};
    event_stream_open(calloc(1, sizeof(struct idle_stream)), index, options.port, options.path, &handler);
}

void run_idle(const struct options *given)
{
    options = *given;
    ramp(options.connections, &ready, options.events ? open_event_stream : open_websocket);
    printf("{\"scenario\":\"idle\",\"connections\":%u}\n", options.connections);
    fflush(stdout);
    bool told = false;
    loop_watch(STDIN_FILENO, &told);
    while (!told) {
        loop_turn(1000);
    }
}
