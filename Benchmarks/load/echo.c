// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: Hibiki contributors

// Echo: every connection keeps a number of messages in flight and checks each that comes back.

#include <stdlib.h>

#include "clock.h"
#include "fail.h"
#include "payload.h"
#include "report.h"
#include "ramp.h"
#include "scenarios.h"
#include "session.h"

struct echo {
    struct session session;
    uint64_t sent;
    uint64_t received;
    /// When each message in flight was sent, by its number.
    uint64_t *times;
};

static struct options options;
static struct echo *echoes;
static struct samples samples;
static uint32_t ready;
static uint64_t total;
static uint64_t outstanding;
static bool measuring;
static bool stopping;

static void send_next(struct echo *echo, uint64_t now)
{
    echo->times[echo->sent % options.in_flight] = now;
    websocket_send(&echo->session.websocket, options.text ? OPCODE_TEXT : OPCODE_BINARY, message_with(echo->sent),
                   message_size());
    echo->sent++;
    outstanding++;
}

static void count(struct session *session)
{
    (void) session;
    ready++;
}

static void message(struct session *session, const struct frame *frame)
{
    struct echo *echo = (struct echo *) session;
    if (!message_is(frame->payload, frame->length, echo->received)) {
        fail("reply %llu of connection %u is not what was sent: %.*s", (unsigned long long) echo->received,
             session->websocket.connection.index, (int) (frame->length < 300 ? frame->length : 300),
             (const char *) frame->payload);
    }
    if (measuring) {
        samples_add(&samples, loop_time() - echo->times[echo->received % options.in_flight]);
    }
    echo->received++;
    outstanding--;
    total++;
    if (!stopping) {
        send_next(echo, loop_time());
    }
}

static void open_one(uint32_t index)
{
    static const struct session_handler handler = {.ready = count, .message = message};
    echoes[index].times = calloc(options.in_flight, sizeof *echoes[index].times);
    session_open(&echoes[index].session, index, options.port, &options.opening, &handler);
}

static void turn_until(uint64_t end)
{
    while (clock_now() < end) {
        loop_turn(10);
    }
}

/// Every message that was sent has to come back.
static void drain(void)
{
    uint64_t limit = clock_now() + clock_from_seconds(10);
    stopping = true;
    while (outstanding) {
        loop_turn(10);
        if (clock_now() > limit) {
            fail("%llu messages did not come back", (unsigned long long) outstanding);
        }
    }
}

void run_echo(const struct options *given)
{
    options = *given;
    payload_prepare(options.size, options.publish);
    echoes = calloc(options.connections, sizeof *echoes);
    ramp(options.connections, &ready, open_one);
    for (uint32_t i = 0; i < options.connections; i++) {
        for (uint32_t k = 0; k < options.in_flight; k++) {
            send_next(&echoes[i], clock_now());
        }
        connection_flush(&echoes[i].session.websocket.connection);
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
    report("echo", &options, &meter, count, &samples);
}
