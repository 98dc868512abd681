// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: Hibiki contributors

#include "payload.h"

#include <string.h>

#include "fail.h"

static uint8_t content[PAYLOAD_MAXIMUM];
static size_t size;

void payload_prepare(size_t wanted)
{
    if (wanted < PAYLOAD_DIGITS || wanted > PAYLOAD_MAXIMUM) {
        fail("a payload has %d to %d bytes", PAYLOAD_DIGITS, PAYLOAD_MAXIMUM);
    }
    size = wanted;
    for (size_t i = 0; i < size; i++) {
        content[i] = (uint8_t) ('a' + i % 26);
    }
}

size_t payload_size(void)
{
    return size;
}

const uint8_t *payload_with(uint64_t sequence)
{
    for (int i = PAYLOAD_DIGITS; i-- > 0; sequence /= 10) {
        content[i] = (uint8_t) ('0' + sequence % 10);
    }
    return content;
}

bool payload_is(const uint8_t *bytes, uint64_t sequence)
{
    uint64_t found = 0;
    for (int i = 0; i < PAYLOAD_DIGITS; i++) {
        found = found * 10 + (uint64_t) (bytes[i] - '0');
    }
    return found == sequence && memcmp(bytes + PAYLOAD_DIGITS, content + PAYLOAD_DIGITS, size - PAYLOAD_DIGITS) == 0;
}
