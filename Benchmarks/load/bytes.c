// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: Hibiki contributors

#include "bytes.h"

#include <stdlib.h>
#include <string.h>

#include "fail.h"

uint8_t *bytes_reserve(struct bytes *bytes, size_t count)
{
    size_t needed = bytes->count + count;
    if (needed > bytes->capacity) {
        size_t capacity = bytes->capacity ? bytes->capacity : 64;
        while (capacity < needed) {
            capacity *= 2;
        }
        bytes->data = realloc(bytes->data, capacity);
        if (!bytes->data) {
            fail("out of memory");
        }
        bytes->capacity = capacity;
    }
    return bytes->data + bytes->count;
}

void bytes_append(struct bytes *bytes, const void *source, size_t count)
{
    if (count) {
        memcpy(bytes_reserve(bytes, count), source, count);
        bytes->count += count;
    }
}

void bytes_drop(struct bytes *bytes, size_t count)
{
    if (count < bytes->count) {
        memmove(bytes->data, bytes->data + count, bytes->count - count);
    }
    bytes->count -= count;
}

void bytes_free(struct bytes *bytes)
{
    free(bytes->data);
    *bytes = (struct bytes) {0};
}
