// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: Hibiki contributors

#include "report.h"

#include <stdio.h>

void report(const char *scenario, const struct options *options, const struct meter *meter, uint64_t count,
            struct samples *samples)
{
    double seconds = (double) (meter->end.time - meter->begin.time) / 1e9;
    double server = meter->end.server_cpu - meter->begin.server_cpu;
    printf("{\"scenario\":\"%s\",\"connections\":%u,\"size\":%u,\"in_flight\":%u,\"rate\":%g,", scenario,
           options->connections, options->size, options->in_flight, options->rate);
    printf("\"seconds\":%.3f,\"count\":%llu,\"per_second\":%.0f,", seconds, (unsigned long long) count,
           (double) count / seconds);
    if (meter->server) {
        printf("\"server_cpu\":%.2f,\"per_server_cpu_second\":%.0f,", server, server > 0 ? (double) count / server : 0);
    }
    if (meter->counters) {
        printf("\"allocations\":%llu,",
               (unsigned long long) (meter->end.allocations - meter->begin.allocations));
    }
    printf("\"load_cpu\":%.3f,", meter->end.load_cpu - meter->begin.load_cpu);
    samples_print(samples, stdout);
    puts("}");
    fflush(stdout);
}
