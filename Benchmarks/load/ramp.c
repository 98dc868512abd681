// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: Hibiki contributors

#include "ramp.h"

#include "clock.h"
#include "connection.h"
#include "fail.h"

enum { AHEAD = 200 };

void ramp(uint32_t count, const uint32_t *ready, void (*open)(uint32_t index))
{
    uint32_t opened = 0;
    uint32_t last = 0;
    uint64_t progress = clock_now();
    while (*ready < count) {
        while (opened < count && opened - *ready < AHEAD) {
            open(opened++);
        }
        loop_turn(100);
        if (*ready != last) {
            last = *ready;
            progress = clock_now();
        } else if (clock_now() - progress > clock_from_seconds(60)) {
            fail("only %u of %u connections became ready", *ready, count);
        }
    }
}
