// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: Hibiki contributors

#include "meter.h"

#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/resource.h>
#include <unistd.h>

#include "clock.h"
#include "fail.h"
#include "malloc-count.h"

void meter_prepare(struct meter *meter, pid_t server, const char *counter_file)
{
    *meter = (struct meter) {.server = server};
    if (!counter_file) {
        return;
    }
    int file = open(counter_file, O_RDONLY);
    void *page = file < 0 ? MAP_FAILED : mmap(NULL, MALLOC_COUNT_BYTES, PROT_READ, MAP_SHARED, file, 0);
    if (page == MAP_FAILED) {
        fail("cannot map %s", counter_file);
    }
    close(file);
    meter->counters = page;
}

static double own_cpu(void)
{
    struct rusage usage;
    getrusage(RUSAGE_SELF, &usage);
    return (double) (usage.ru_utime.tv_sec + usage.ru_stime.tv_sec)
        + (double) (usage.ru_utime.tv_usec + usage.ru_stime.tv_usec) / 1e6;
}

/// User and system time of all threads: fields 14 and 15 of /proc/PID/stat, in ticks.
static double cpu_of(pid_t process)
{
    char path[64];
    char text[1024];
    snprintf(path, sizeof path, "/proc/%d/stat", (int) process);
    FILE *file = fopen(path, "r");
    if (!file) {
        fail("process %d is gone", (int) process);
    }
    size_t count = fread(text, 1, sizeof text - 1, file);
    fclose(file);
    text[count] = 0;
    // The second field is the name in parentheses and may hold anything, a parenthesis too.
    char *rest = strrchr(text, ')');
    unsigned long user = 0;
    unsigned long system = 0;
    if (!rest || sscanf(rest + 1, " %*c %*d %*d %*d %*d %*d %*u %*u %*u %*u %*u %lu %lu", &user, &system) != 2) {
        fail("cannot read %s", path);
    }
    return (double) (user + system) / (double) sysconf(_SC_CLK_TCK);
}

static struct reading take(const struct meter *meter)
{
    struct reading reading = {.time = clock_now(), .load_cpu = own_cpu()};
    if (meter->server) {
        reading.server_cpu = cpu_of(meter->server);
    }
    for (int i = 0; meter->counters && i < MALLOC_COUNT_KINDS; i++) {
        reading.allocations += meter->counters[i];
    }
    return reading;
}

void meter_begin(struct meter *meter)
{
    meter->begin = take(meter);
}

void meter_end(struct meter *meter)
{
    meter->end = take(meter);
}
