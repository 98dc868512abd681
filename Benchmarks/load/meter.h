// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: Hibiki contributors

#ifndef LOAD_METER_H
#define LOAD_METER_H

#include <stdint.h>
#include <sys/types.h>

/// What is read at both edges of the measured window, by the process that counts the messages, so that count and cost
/// belong to the same moments.
struct reading {
    uint64_t time;
    double load_cpu;
    double server_cpu;
    uint64_t allocations;
};

struct meter {
    pid_t server;
    /// What malloc-count.so writes, or NULL.
    const volatile uint64_t *counters;
    struct reading begin;
    struct reading end;
};

/// `counter_file` may be NULL and `server` 0: what they would tell is then 0.
void meter_prepare(struct meter *meter, pid_t server, const char *counter_file);
void meter_begin(struct meter *meter);
void meter_end(struct meter *meter);

#endif
