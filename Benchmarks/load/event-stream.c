// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: Hibiki contributors

#include "event-stream.h"

#include <stdio.h>
#include <string.h>

#include "fail.h"
#include "http.h"

static void read_lines(struct event_stream *stream, const uint8_t *bytes, size_t count)
{
    const uint8_t *end;
    while (count && (end = memchr(bytes, '\n', count))) {
        size_t length = (size_t) (end - bytes);
        if (stream->partial.count) {
            bytes_append(&stream->partial, bytes, length);
            stream->handler->line(stream, stream->partial.data, stream->partial.count);
            stream->partial.count = 0;
        } else {
            stream->handler->line(stream, bytes, length);
        }
        bytes += length + 1;
        count -= length + 1;
    }
    bytes_append(&stream->partial, bytes, count);
}

static size_t hexadecimal(uint8_t digit)
{
    if (digit >= '0' && digit <= '9') {
        return (size_t) (digit - '0');
    }
    uint8_t letter = digit | 0x20;
    if (letter < 'a' || letter > 'f') {
        fail("a chunk size with byte %02x", digit);
    }
    return (size_t) (letter - 'a' + 10);
}

/// Chunked coding (RFC 9112 §7.1); all of it is taken, however it is cut.
static void read_chunks(struct event_stream *stream, const uint8_t *bytes, size_t count)
{
    for (size_t i = 0; i < count;) {
        switch (stream->state) {
        case CHUNK_SIZE:
            if (bytes[i] == '\r' || bytes[i] == ';') {
                stream->state = CHUNK_EXTENSION;
            } else {
                stream->chunk = stream->chunk * 16 + hexadecimal(bytes[i]);
            }
            i++;
            break;
        case CHUNK_EXTENSION:
            if (bytes[i++] == '\n') {
                if (!stream->chunk) {
                    fail("the server ended event stream %u", stream->connection.index);
                }
                stream->state = CHUNK_DATA;
            }
            break;
        case CHUNK_DATA: {
            size_t part = stream->chunk < count - i ? stream->chunk : count - i;
            read_lines(stream, bytes + i, part);
            i += part;
            stream->chunk -= part;
            if (!stream->chunk) {
                stream->state = CHUNK_END;
            }
            break;
        }
        case CHUNK_END:
            if (bytes[i++] == '\n') {
                stream->state = CHUNK_SIZE;
            }
            break;
        }
    }
}

static size_t received(struct connection *connection, const uint8_t *bytes, size_t count)
{
    struct event_stream *stream = (struct event_stream *) connection;
    size_t head = 0;
    if (!stream->open) {
        head = http_head_size(bytes, count);
        if (!head) {
            return 0;
        }
        if (!http_has_status(bytes, head, 200)) {
            fail("the server refused the event stream: %.*s", (int) head, (const char *) bytes);
        }
        stream->open = true;
        stream->chunked = http_is_chunked(bytes, head);
    }
    if (stream->chunked) {
        read_chunks(stream, bytes + head, count - head);
    } else {
        read_lines(stream, bytes + head, count - head);
    }
    return count;
}

static void closed(struct connection *connection, const char *reason)
{
    fail("event stream %u was lost: %s", connection->index, reason);
}

static const struct protocol protocol = {received, closed};

void event_stream_open(struct event_stream *stream, uint32_t index, uint16_t port, const char *path,
                       const struct event_stream_handler *handler)
{
    stream->handler = handler;
    char request[1024];
    int length = snprintf(request, sizeof request,
                          "GET %s HTTP/1.1\r\nHost: 127.0.0.1:%u\r\nAccept: text/event-stream\r\n\r\n", path, port);
    if (length >= (int) sizeof request) {
        fail("a path of %zu bytes", strlen(path));
    }
    bytes_append(&stream->connection.out, request, (size_t) length);
    connection_open(&stream->connection, index, port, &protocol);
}
