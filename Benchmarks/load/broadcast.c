// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: Hibiki contributors

#define _GNU_SOURCE
#include "broadcast.h"

#include <stdbool.h>
#include <string.h>

#include "clock.h"
#include "fail.h"
#include "payload.h"
#include "ramp.h"
#include "report.h"
#include "session.h"

/// At a fixed rate a server may fall behind by this many publications before we give up.
enum { RING = 4096 };

static struct options options;
static struct samples samples;
static struct session publisher;
static uint32_t publisher_ready;
static struct { uint64_t sent; uint32_t missing; } ring[RING];
static uint64_t published;
static uint64_t completed;
static uint64_t delivered;
static bool measuring;

void broadcast_prepare(const struct options *given)
{
    options = *given;
    payload_prepare(options.size, options.publish);
}

static void delivered_one(uint64_t sequence)
{
    if (measuring) {
        samples_add(&samples, loop_time() - ring[sequence % RING].sent);
    }
    delivered++;
    // Subscribers receive in order, so publications complete in order.
    if (--ring[sequence % RING].missing == 0) {
        completed++;
    }
}

/// Where the payload begins, or NULL. Its place seldom changes from one message to the next, so it is tried first.
static const uint8_t *find_payload(const uint8_t *bytes, size_t count)
{
    static size_t last;
    size_t length = strlen(options.marker);
    if (last + length <= count && memcmp(bytes + last, options.marker, length) == 0) {
        return bytes + last + length;
    }
    const uint8_t *found = memmem(bytes, count, options.marker, length);
    if (!found) {
        return NULL;
    }
    last = (size_t) (found - bytes);
    return found + length;
}

void broadcast_received(const uint8_t *bytes, size_t count, uint64_t *expected, uint32_t subscriber)
{
    const uint8_t *payload = bytes;
    if (options.marker[0]) {
        payload = find_payload(bytes, count);
        if (!payload) {
            return;
        }
    } else if (count != payload_size()) {
        fail("subscriber %u received %zu bytes", subscriber, count);
    }
    if (*expected >= published) {
        fail("subscriber %u received more than was published", subscriber);
    }
    if ((size_t) (bytes + count - payload) < payload_size() || !payload_is(payload, *expected)) {
        fail("subscriber %u received '%.*s' instead of publication %llu", subscriber, (int) (count < 300 ? count : 300),
             (const char *) bytes, (unsigned long long) *expected);
    }
    delivered_one((*expected)++);
}

static void ready(struct session *session)
{
    (void) session;
    publisher_ready++;
}

/// A native server greets, and answers what it does not like; only the latter matters.
static void message(struct session *session, const struct frame *frame)
{
    (void) session;
    if (memmem(frame->payload, frame->length, "\"type\":\"error\"", 14)) {
        fail("the publisher was told: %.*s", (int) frame->length, (const char *) frame->payload);
    }
}

static void open_publisher(uint32_t index)
{
    static const struct session_handler handler = {.ready = ready, .message = message};
    session_open(&publisher, index, options.port, &options.publisher, &handler);
}

static void publish_one(uint64_t time)
{
    if (published - completed == RING) {
        fail("the server is %d publications behind", RING);
    }
    ring[published % RING].sent = time;
    ring[published % RING].missing = options.connections;
    websocket_send(&publisher.websocket, OPCODE_TEXT, message_with(published), message_size());
    published++;
}

/// Publishes what is due, and answers for how many milliseconds nothing will be.
static int publish_due(uint64_t begin, uint64_t most)
{
    uint64_t now = clock_now();
    if (options.rate > 0) {
        double period = 1e9 / options.rate;
        while (published < most && (double) (now - begin) >= (double) published * period) {
            // When it was due rather than when we came to it: a server that holds us up must not look better for it.
            publish_one(begin + (uint64_t) ((double) published * period));
        }
        connection_flush(&publisher.websocket.connection);
        double wait = ((double) published * period - (double) (now - begin)) / 1e6;
        return wait > 100 ? 100 : wait < 0 ? 0 : (int) wait;
    }
    while (published < most && published - completed < options.in_flight) {
        publish_one(now);
    }
    connection_flush(&publisher.websocket.connection);
    return 100;
}

/// Turns until the time or the number of completed publications is reached, whichever the options go by.
static void turn_until(uint64_t begin, uint64_t end, uint64_t completions)
{
    bool counted = options.publications > 0;
    while (counted ? completed < completions : clock_now() < end) {
        loop_turn(publish_due(begin, counted ? completions + options.in_flight : UINT64_MAX));
    }
}

/// All that was published has to arrive, and nothing after it.
static void drain(void)
{
    uint64_t limit = clock_now() + clock_from_seconds(10);
    while (completed < published) {
        loop_turn(10);
        if (clock_now() > limit) {
            fail("%llu publications did not reach everybody", (unsigned long long) (published - completed));
        }
    }
    uint64_t quiet = clock_now() + clock_from_seconds(0.05);
    while (clock_now() < quiet) {
        loop_turn(10);
    }
}

void broadcast_run(const char *scenario)
{
    ramp(1, &publisher_ready, open_publisher);
    uint64_t begin = clock_now();
    uint64_t warm = options.publications / 5;
    turn_until(begin, begin + clock_from_seconds(options.warmup), warm);
    struct meter meter;
    meter_prepare(&meter, options.server, options.counters);
    uint64_t before = delivered;
    measuring = true;
    meter_begin(&meter);
    turn_until(begin, meter.begin.time + clock_from_seconds(options.seconds), warm + options.publications);
    meter_end(&meter);
    measuring = false;
    uint64_t count = delivered - before;
    drain();
    report(scenario, &options, &meter, count, &samples);
}
