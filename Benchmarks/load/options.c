// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: Hibiki contributors

#define _GNU_SOURCE
#include "options.h"

#include <getopt.h>
#include <stdio.h>
#include <stdlib.h>

#include "fail.h"

static double number(const char *name, const char *text, double least, double most)
{
    char *end;
    double value = strtod(text, &end);
    if (end == text || *end || !(value >= least && value <= most)) {
        fail("--%s takes a number from %g to %g, not '%s'", name, least, most, text);
    }
    return value;
}

static const struct option names[] = {
    {"port", required_argument, NULL, 'p'},      {"connections", required_argument, NULL, 'c'},
    {"size", required_argument, NULL, 's'},      {"in-flight", required_argument, NULL, 'k'},
    {"seconds", required_argument, NULL, 'd'},   {"warmup", required_argument, NULL, 'w'},
    {"rate", required_argument, NULL, 'r'},      {"publications", required_argument, NULL, 'n'},
    {"text", no_argument, NULL, 't'},            {"events", no_argument, NULL, 'e'},
    {"path", required_argument, NULL, 'P'},      {"publish-path", required_argument, NULL, 'Q'},
    {"subscribe", required_argument, NULL, 'S'}, {"publish", required_argument, NULL, 'M'},
    {"await", required_argument, NULL, 'A'},     {"marker", required_argument, NULL, 'F'},
    {"server-pid", required_argument, NULL, 'i'}, {"counters", required_argument, NULL, 'm'},
    {"publish-hello", required_argument, NULL, 'H'}, {"publish-await", required_argument, NULL, 'B'},
    {"engine-io", no_argument, NULL, 'E'},       {"help", no_argument, NULL, 'h'},
    {NULL, 0, NULL, 0},
};

struct options options_parse(int count, char **arguments, const char *help)
{
    struct options options = {
        .connections = 100, .size = 64, .in_flight = 1, .seconds = 3, .warmup = 1,
        .opening.path = "/", .publisher.path = "/", .publish = "@PAYLOAD@", .marker = "",
    };
    int letter;
    int index = 0;
    while ((letter = getopt_long(count, arguments, "", names, &index)) != -1) {
        const char *name = names[index].name;
        switch (letter) {
        case 'p': options.port = (uint16_t) number(name, optarg, 1, 65535); break;
        case 'c': options.connections = (uint32_t) number(name, optarg, 1, 1000000); break;
        case 's': options.size = (uint32_t) number(name, optarg, 16, 524288); break;
        case 'k': options.in_flight = (uint32_t) number(name, optarg, 1, 1024); break;
        case 'd': options.seconds = number(name, optarg, 0.1, 3600); break;
        case 'w': options.warmup = number(name, optarg, 0, 3600); break;
        case 'r': options.rate = number(name, optarg, 0.1, 1000000); break;
        case 'n': options.publications = (uint64_t) number(name, optarg, 1, 1e12); break;
        case 't': options.text = true; break;
        case 'e': options.events = true; break;
        case 'E': options.opening.engine_io = options.publisher.engine_io = true; break;
        case 'P': options.opening.path = optarg; break;
        case 'S': options.opening.hello = optarg; break;
        case 'A': options.opening.await = optarg; break;
        case 'Q': options.publisher.path = optarg; break;
        case 'H': options.publisher.hello = optarg; break;
        case 'B': options.publisher.await = optarg; break;
        case 'M': options.publish = optarg; break;
        case 'F': options.marker = optarg; break;
        case 'i': options.server = (pid_t) number(name, optarg, 1, 1 << 30); break;
        case 'm': options.counters = optarg; break;
        case 'h': fputs(help, stdout); exit(0);
        default: exit(2);
        }
    }
    if (!options.port || optind != count) {
        fail("--port is needed, and no argument beside the options (see --help)");
    }
    return options;
}
