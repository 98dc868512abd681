// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: Hibiki contributors

#ifndef LOAD_SAMPLES_H
#define LOAD_SAMPLES_H

#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

/// Every latency of a measurement, in nanoseconds (at most 4.29 s), so that percentiles are those of the samples and
/// not of buckets.
struct samples {
    uint32_t *values;
    size_t count;
    size_t capacity;
};

void samples_add(struct samples *samples, uint64_t nanoseconds);
/// Sorts the samples and prints `"latency_us":{…}`.
void samples_print(struct samples *samples, FILE *file);

#endif
