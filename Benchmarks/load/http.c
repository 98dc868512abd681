// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: Hibiki contributors

#define _GNU_SOURCE
#include "http.h"

#include <stdio.h>
#include <string.h>
#include <strings.h>

size_t http_head_size(const uint8_t *bytes, size_t count)
{
    const uint8_t *end = memmem(bytes, count, "\r\n\r\n", 4);
    return end ? (size_t) (end - bytes) + 4 : 0;
}

bool http_has_status(const uint8_t *head, size_t size, int status)
{
    char line[16];
    int length = snprintf(line, sizeof line, "HTTP/1.1 %d", status);
    return size > (size_t) length && memcmp(head, line, (size_t) length) == 0;
}

bool http_is_chunked(const uint8_t *head, size_t size)
{
    static const char field[] = "transfer-encoding: chunked\r\n";
    for (size_t i = 0; i + sizeof field - 1 <= size; i++) {
        if (strncasecmp((const char *) head + i, field, sizeof field - 1) == 0) {
            return true;
        }
    }
    return false;
}
