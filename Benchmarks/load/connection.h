// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: Hibiki contributors

#ifndef LOAD_CONNECTION_H
#define LOAD_CONNECTION_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "bytes.h"

struct connection;

struct protocol {
    /// Answers how many of the bytes it is done with; the rest comes again, in front of what arrives next.
    size_t (*received)(struct connection *connection, const uint8_t *bytes, size_t count);
    /// The other side is gone.
    void (*closed)(struct connection *connection, const char *reason);
};

/// One non-blocking TCP connection to 127.0.0.1.
struct connection {
    int socket;
    uint32_t index;
    /// Counts the sockets that this struct has held, so that a callback may close and open it again.
    uint32_t generation;
    bool connecting;
    bool waits_to_write;
    const struct protocol *protocol;
    struct bytes in;
    struct bytes out;
};

/// Starts to connect; `out` is sent as soon as it can be. The source address is one of 250, chosen by `index`, because
/// one address has only 28,000 ports.
void connection_open(struct connection *connection, uint32_t index, uint16_t port, const struct protocol *protocol);
/// Sends `out`, or what fits; the rest follows by itself.
void connection_flush(struct connection *connection);
/// Closes at once with a reset, which leaves no TIME_WAIT behind.
void connection_reset(struct connection *connection);

/// Waits up to `milliseconds` for something to happen, and carries it out.
void loop_turn(int milliseconds);
/// Has `loop_turn` set `*readable` when the descriptor has something to read.
void loop_watch(int descriptor, bool *readable);
/// The time at which the bytes that are being received were read.
uint64_t loop_time(void);

#endif
