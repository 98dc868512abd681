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
#include "session.h"

struct idle_stream {
    struct event_stream stream;
    bool counted;
};

static struct options options;
static uint32_t ready;

static void count(struct session *session)
{
    (void) session;
    ready++;
}

static void ignore(struct session *session, const struct frame *frame)
{
    (void) session;
    (void) frame;
}

static void open_session(uint32_t index)
{
    static const struct session_handler handler = {.ready = count, .message = ignore};
    session_open(calloc(1, sizeof(struct session)), index, options.port, &options.opening, &handler);
}

static void line(struct event_stream *stream, const uint8_t *bytes, size_t length)
{
    struct idle_stream *idle = (struct idle_stream *) stream;
    const char *await = options.opening.await ? options.opening.await : "";
    if (!idle->counted && memmem(bytes, length, await, strlen(await))) {
        idle->counted = true;
        ready++;
    }
}

static void open_event_stream(uint32_t index)
{
    static const struct event_stream_handler handler = {line};
    event_stream_open(calloc(1, sizeof(struct idle_stream)), index, options.port, options.opening.path, &handler);
}

void run_idle(const struct options *given)
{
    options = *given;
    ramp(options.connections, &ready, options.events ? open_event_stream : open_session);
    printf("{\"scenario\":\"idle\",\"connections\":%u}\n", options.connections);
    fflush(stdout);
    bool told = false;
    loop_watch(STDIN_FILENO, &told);
    while (!told) {
        loop_turn(1000);
    }
}
