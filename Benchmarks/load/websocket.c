// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: Hibiki contributors

#define _GNU_SOURCE
#include "websocket.h"

#include <stdio.h>
#include <string.h>

#include "fail.h"
#include "http.h"

// The sample of RFC 6455 §1.3: a fixed key lets us check the server's answer without a SHA-1 of our own.
#define KEY "dGhlIHNhbXBsZSBub25jZQ=="
#define ACCEPT "s3pPLMBiTxaQ9kYGzzhZRbK+xOo="

/// The size of the server's answer once it is complete, or 0.
static size_t read_upgrade(const uint8_t *bytes, size_t count)
{
    size_t size = http_head_size(bytes, count);
    if (!size) {
        return 0;
    }
    if (!http_has_status(bytes, size, 101) || !memmem(bytes, size, ": " ACCEPT "\r\n", sizeof ACCEPT + 3)) {
        fail("the server refused the upgrade: %.*s", (int) size, (const char *) bytes);
    }
    return size;
}

static void handle(struct websocket *websocket, const struct frame *frame)
{
    switch (frame->opcode) {
    case OPCODE_TEXT:
    case OPCODE_BINARY:
        websocket->handler->message(websocket, frame);
        break;
    case OPCODE_PING:
        websocket_send(websocket, OPCODE_PONG, frame->payload, frame->length);
        break;
    case OPCODE_PONG:
        break;
    case OPCODE_CLOSE:
        if (!websocket->handler->closed) {
            int code = frame->length < 2 ? 1005 : frame->payload[0] << 8 | frame->payload[1];
            fail("the server closed connection %u with %d", websocket->connection.index, code);
        }
        websocket->handler->closed(websocket);
        break;
    default:
        fail("opcode %d", frame->opcode);
    }
}

static size_t received(struct connection *connection, const uint8_t *bytes, size_t count)
{
    struct websocket *websocket = (struct websocket *) connection;
    uint32_t generation = connection->generation;
    size_t done = 0;
    if (!websocket->open) {
        done = read_upgrade(bytes, count);
        if (!done) {
            return 0;
        }
        websocket->open = true;
        websocket->handler->opened(websocket);
    }
    struct frame frame;
    while (connection->generation == generation && frame_parse(bytes + done, count - done, &frame)) {
        handle(websocket, &frame);
        done += frame.size;
    }
    return done;
}

static void closed(struct connection *connection, const char *reason)
{
    fail("connection %u was lost: %s", connection->index, reason);
}

static const struct protocol protocol = {received, closed};

void websocket_open(struct websocket *websocket, uint32_t index, uint16_t port, const char *path,
                    const struct websocket_handler *handler)
{
    websocket->handler = handler;
    websocket->open = false;
    char request[1024];
    int length = snprintf(request, sizeof request,
                          "GET %s HTTP/1.1\r\nHost: 127.0.0.1:%u\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
                          "Sec-WebSocket-Key: " KEY "\r\nSec-WebSocket-Version: 13\r\n\r\n",
                          path, port);
    if (length >= (int) sizeof request) {
        fail("a path of %zu bytes", strlen(path));
    }
    bytes_append(&websocket->connection.out, request, (size_t) length);
    connection_open(&websocket->connection, index, port, &protocol);
}

void websocket_send(struct websocket *websocket, uint8_t opcode, const uint8_t *payload, size_t length)
{
    frame_append(&websocket->connection.out, opcode, payload, length);
}

void websocket_send_text(struct websocket *websocket, const char *text)
{
    websocket_send(websocket, OPCODE_TEXT, (const uint8_t *) text, strlen(text));
}
