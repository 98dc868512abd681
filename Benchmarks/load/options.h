// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: Hibiki contributors

#ifndef LOAD_OPTIONS_H
#define LOAD_OPTIONS_H

#include <stdbool.h>
#include <stdint.h>
#include <sys/types.h>

#include "session.h"

/// What the command line says; `main.c` has the help text.
struct options {
    uint16_t port;
    uint32_t connections;
    uint32_t size;
    uint32_t in_flight;
    double seconds;
    double warmup;
    double rate;
    uint64_t publications;
    bool text;
    bool events;
    /// Of the connections, and of the one that publishes.
    struct opening opening;
    struct opening publisher;
    const char *publish;
    const char *marker;
    pid_t server;
    const char *counters;
};

struct options options_parse(int count, char **arguments, const char *help);

#endif
