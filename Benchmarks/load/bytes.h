// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: Hibiki contributors

#ifndef LOAD_BYTES_H
#define LOAD_BYTES_H

#include <stddef.h>
#include <stdint.h>

/// A growing run of bytes. All zero is an empty one.
struct bytes {
    uint8_t *data;
    size_t count;
    size_t capacity;
};

/// Makes room for `count` more bytes and answers where they begin; the caller adds what it wrote to `count`.
uint8_t *bytes_reserve(struct bytes *bytes, size_t count);
void bytes_append(struct bytes *bytes, const void *source, size_t count);
/// Removes `count` bytes from the front.
void bytes_drop(struct bytes *bytes, size_t count);
void bytes_free(struct bytes *bytes);

#endif
