// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: Hibiki contributors

#ifndef LOAD_BROADCAST_H
#define LOAD_BROADCAST_H

#include <stddef.h>
#include <stdint.h>

#include "options.h"

/// One publisher (a WebSocket) and the account of who has received what. Subscribers of any transport report to it.
/// A publication is in flight until all of them have it.
void broadcast_prepare(const struct options *options);

/// Looks for a payload in what a subscriber received: after the marker if there is one (false without it), otherwise
/// `bytes` must be the payload and nothing else. It must be the number `*expected`, which then goes up by one.
void broadcast_received(const uint8_t *bytes, size_t count, uint64_t *expected, uint32_t subscriber);

/// Publishes with the number in flight, or at the rate, that the options say; measures; waits until everything has
/// arrived; reports. All subscribers must be ready.
void broadcast_run(const char *scenario);

#endif
