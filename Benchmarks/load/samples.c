// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: Hibiki contributors

#include "samples.h"

#include <stdlib.h>

#include "fail.h"

void samples_add(struct samples *samples, uint64_t nanoseconds)
{
    if (samples->count == samples->capacity) {
        samples->capacity = samples->capacity ? samples->capacity * 2 : 1 << 20;
        samples->values = realloc(samples->values, samples->capacity * sizeof *samples->values);
        if (!samples->values) {
            fail("out of memory for %zu samples", samples->capacity);
        }
    }
    samples->values[samples->count++] = nanoseconds > UINT32_MAX ? UINT32_MAX : (uint32_t) nanoseconds;
}

/// Radix sort, eleven bits at a time: tens of millions of samples are usual.
static void sort(struct samples *samples)
{
    uint32_t *from = samples->values;
    uint32_t *to = malloc(samples->count * sizeof *to + 1);
    if (!to) {
        fail("out of memory to sort %zu samples", samples->count);
    }
    for (int shift = 0; shift < 33; shift += 11) {
        size_t begins[2049] = {0};
        for (size_t i = 0; i < samples->count; i++) {
            begins[(from[i] >> shift & 2047) + 1]++;
        }
        for (int i = 0; i < 2048; i++) {
            begins[i + 1] += begins[i];
        }
        for (size_t i = 0; i < samples->count; i++) {
            to[begins[from[i] >> shift & 2047]++] = from[i];
        }
        uint32_t *swap = from;
        from = to;
        to = swap;
    }
    free(to);
    samples->values = from;
    samples->capacity = samples->count;
}

static double percentile(const struct samples *samples, double part)
{
    return samples->values[(size_t) (part * (double) (samples->count - 1))] / 1e3;
}

void samples_print(struct samples *samples, FILE *file)
{
    if (!samples->count) {
        fputs("\"latency_us\":null", file);
        return;
    }
    sort(samples);
    fprintf(file, "\"latency_us\":{\"p50\":%.1f,\"p90\":%.1f,\"p99\":%.1f,\"p999\":%.1f,\"max\":%.1f}",
            percentile(samples, 0.5), percentile(samples, 0.9), percentile(samples, 0.99),
            percentile(samples, 0.999), percentile(samples, 1));
}
