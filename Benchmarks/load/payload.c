// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: Hibiki contributors

#include "payload.h"

#include <string.h>

#include "bytes.h"
#include "fail.h"

/// A whole message; only the digits in it change from one to the next.
static struct bytes message;
/// Where the payload stands in it.
static size_t place;
static size_t size;

static void append_payload(void)
{
    uint8_t *to = bytes_reserve(&message, size);
    for (size_t i = 0; i < size; i++) {
        to[i] = (uint8_t) ('a' + i % 26);
    }
    message.count += size;
}

void payload_prepare(size_t wanted, const char *text)
{
    static const char mark[] = "@PAYLOAD@";
    const char *found = strstr(text, mark);
    if (wanted < PAYLOAD_DIGITS || wanted > PAYLOAD_MAXIMUM) {
        fail("a payload has %d to %d bytes", PAYLOAD_DIGITS, PAYLOAD_MAXIMUM);
    }
    if (!found) {
        fail("--publish has no %s", mark);
    }
    size = wanted;
    place = (size_t) (found - text);
    bytes_append(&message, text, place);
    append_payload();
    bytes_append(&message, found + sizeof mark - 1, strlen(found) - (sizeof mark - 1));
}

size_t payload_size(void)
{
    return size;
}

bool payload_is(const uint8_t *bytes, uint64_t sequence)
{
    const uint8_t *filler = message.data + place + PAYLOAD_DIGITS;
    uint64_t found = 0;
    for (int i = 0; i < PAYLOAD_DIGITS; i++) {
        found = found * 10 + (uint64_t) (bytes[i] - '0');
    }
    return found == sequence && memcmp(bytes + PAYLOAD_DIGITS, filler, size - PAYLOAD_DIGITS) == 0;
}

size_t message_size(void)
{
    return message.count;
}

const uint8_t *message_with(uint64_t sequence)
{
    uint8_t *digits = message.data + place;
    for (int i = PAYLOAD_DIGITS; i-- > 0; sequence /= 10) {
        digits[i] = (uint8_t) ('0' + sequence % 10);
    }
    return message.data;
}

bool message_is(const uint8_t *bytes, size_t count, uint64_t sequence)
{
    size_t after = place + size;
    return count == message.count && memcmp(bytes, message.data, place) == 0 && payload_is(bytes + place, sequence)
        && memcmp(bytes + after, message.data + after, count - after) == 0;
}
