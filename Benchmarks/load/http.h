// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: Hibiki contributors

#ifndef LOAD_HTTP_H
#define LOAD_HTTP_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/// The size of the response head at the front of `bytes`, its empty line included, or 0 if it is not complete.
size_t http_head_size(const uint8_t *bytes, size_t count);
bool http_has_status(const uint8_t *head, size_t size, int status);
bool http_is_chunked(const uint8_t *head, size_t size);

#endif
