// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: Hibiki contributors

#include "frame.h"

#include <string.h>

#include "fail.h"

static uint64_t big_endian(const uint8_t *bytes, int count)
{
    uint64_t value = 0;
    for (int i = 0; i < count; i++) {
        value = value << 8 | bytes[i];
    }
    return value;
}

bool frame_parse(const uint8_t *bytes, size_t count, struct frame *frame)
{
    if (count < 2) {
        return false;
    }
    if ((bytes[0] & 0xF0) != 0x80) {
        fail("a fragment or a reserved bit that was not negotiated (first byte %02x)", bytes[0]);
    }
    if (bytes[1] & 0x80) {
        fail("the server masked a frame");
    }
    int extended = bytes[1] == 126 ? 2 : bytes[1] == 127 ? 8 : 0;
    size_t header = 2 + (size_t) extended;
    if (count < header) {
        return false;
    }
    uint64_t length = extended ? big_endian(bytes + 2, extended) : bytes[1];
    if (length > 1 << 30) {
        fail("a frame of %llu bytes", (unsigned long long) length);
    }
    if (count - header < length) {
        return false;
    }
    *frame = (struct frame) {bytes[0] & 0x0F, bytes + header, length, header + length};
    return true;
}

/// Unpredictable enough to keep the server's unmasking honest; nothing here needs a secret (xorshift32).
static uint32_t next_key(void)
{
    static uint32_t state = 0x9E3779B9;
    state ^= state << 13;
    state ^= state >> 17;
    state ^= state << 5;
    return state;
}

static void mask(uint8_t *to, const uint8_t *from, size_t count, uint32_t key)
{
    uint64_t wide = (uint64_t) key << 32 | key;
    size_t i = 0;
    for (; i + 8 <= count; i += 8) {
        uint64_t word;
        memcpy(&word, from + i, 8);
        word ^= wide;
        memcpy(to + i, &word, 8);
    }
    uint8_t tail[8];
    memcpy(tail, &wide, 8);
    for (size_t k = 0; i < count; i++, k++) {
        to[i] = from[i] ^ tail[k];
    }
}

void frame_append(struct bytes *out, uint8_t opcode, const uint8_t *payload, size_t length)
{
    uint8_t *to = bytes_reserve(out, length + 14);
    size_t header = 2;
    to[0] = 0x80 | opcode;
    if (length < 126) {
        to[1] = 0x80 | (uint8_t) length;
    } else if (length <= UINT16_MAX) {
        to[1] = 0x80 | 126;
        to[2] = (uint8_t) (length >> 8);
        to[3] = (uint8_t) length;
        header = 4;
    } else {
        to[1] = 0x80 | 127;
        for (int i = 0; i < 8; i++) {
            to[2 + i] = (uint8_t) ((uint64_t) length >> (56 - 8 * i));
        }
        header = 10;
    }
    uint32_t key = next_key();
    memcpy(to + header, &key, 4);
    mask(to + header + 4, payload, length, key);
    out->count += header + 4 + length;
}
