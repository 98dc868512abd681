// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: Hibiki contributors

#ifndef LOAD_REPORT_H
#define LOAD_REPORT_H

#include <stdint.h>

#include "meter.h"
#include "options.h"
#include "samples.h"

/// Prints the one line of JSON that a measurement ends with. `count` is what happened between the meter's readings.
void report(const char *scenario, const struct options *options, const struct meter *meter, uint64_t count,
            struct samples *samples);

#endif
