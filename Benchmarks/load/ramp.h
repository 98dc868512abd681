// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: Hibiki contributors

#ifndef LOAD_RAMP_H
#define LOAD_RAMP_H

#include <stdint.h>

/// Opens `count` connections by `open`, never more than 200 ahead of `*ready`, so that the server's backlog holds them,
/// and returns when all are ready. A minute without any progress ends the process.
void ramp(uint32_t count, const uint32_t *ready, void (*open)(uint32_t index));

#endif
