// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: Hibiki contributors

// Churn: connect, upgrade, one message and its echo, closing handshake, and again.

#include <stdlib.h>

#include "clock.h"
#include "fail.h"
#include "payload.h"
#include "report.h"
#include "scenarios.h"
#include "session.h"

struct visit {
    struct session session;
    uint64_t begin;
    bool echoed;
};

static struct options options;
static struct visit *visits;
static struct samples samples;
static uint32_t next_index;
static uint32_t under_way;
static uint64_t total;
static bool measuring;
static bool stopping;

static void begin_visit(struct visit *visit);

static void ready(struct session *session)
{
    websocket_send(&session->websocket, options.text ? OPCODE_TEXT : OPCODE_BINARY,
                   message_with(session->websocket.connection.index), message_size());
}

static void message(struct session *session, const struct frame *frame)
{
    static const uint8_t normal[] = {0x03, 0xE8};
    struct visit *visit = (struct visit *) session;
    uint32_t index = session->websocket.connection.index;
    if (visit->echoed || !message_is(frame->payload, frame->length, index)) {
        fail("connection %u received something that it did not send", index);
    }
    visit->echoed = true;
    websocket_send(&session->websocket, OPCODE_CLOSE, normal, sizeof normal);
}

static void closed(struct session *session)
{
    struct visit *visit = (struct visit *) session;
    if (!visit->echoed) {
        fail("connection %u was closed before its echo", session->websocket.connection.index);
    }
    connection_reset(&session->websocket.connection);
    if (measuring) {
        samples_add(&samples, loop_time() - visit->begin);
    }
    total++;
    under_way--;
    if (!stopping) {
        begin_visit(visit);
    }
}

static void begin_visit(struct visit *visit)
{
    static const struct session_handler handler = {ready, message, closed};
    visit->begin = clock_now();
    visit->echoed = false;
    under_way++;
    session_open(&visit->session, next_index++, options.port, &options.opening, &handler);
}

static void turn_until(uint64_t end)
{
    while (clock_now() < end) {
        loop_turn(10);
    }
}

static void drain(void)
{
    uint64_t limit = clock_now() + clock_from_seconds(10);
    stopping = true;
    while (under_way) {
        loop_turn(10);
        if (clock_now() > limit) {
            fail("%u connections did not come to their end", under_way);
        }
    }
}

void run_churn(const struct options *given)
{
    options = *given;
    payload_prepare(options.size, options.publish);
    visits = calloc(options.connections, sizeof *visits);
    for (uint32_t i = 0; i < options.connections; i++) {
        begin_visit(&visits[i]);
    }
    turn_until(clock_now() + clock_from_seconds(options.warmup));
    struct meter meter;
    meter_prepare(&meter, options.server, options.counters);
    uint64_t before = total;
    measuring = true;
    meter_begin(&meter);
    turn_until(meter.begin.time + clock_from_seconds(options.seconds));
    meter_end(&meter);
    measuring = false;
    uint64_t count = total - before;
    drain();
    report("churn", &options, &meter, count, &samples);
}
