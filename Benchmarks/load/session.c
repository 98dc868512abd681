// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: Hibiki contributors

#define _GNU_SOURCE
#include "session.h"

#include <string.h>

#include "engine.h"

static void begin(struct session *session)
{
    session->ready = true;
    session->handler->ready(session);
}

static void opened(struct websocket *websocket)
{
    struct session *session = (struct session *) websocket;
    if (session->opening->hello) {
        websocket_send_text(websocket, session->opening->hello);
    }
    if (!session->opening->await) {
        begin(session);
    }
}

static void message(struct websocket *websocket, const struct frame *frame)
{
    struct session *session = (struct session *) websocket;
    const char *await = session->opening->await;
    if (session->opening->engine_io && engine_takes(websocket, frame)) {
        return;
    }
    if (session->ready) {
        session->handler->message(session, frame);
    } else if (memmem(frame->payload, frame->length, await, strlen(await))) {
        begin(session);
    }
}

static void closed(struct websocket *websocket)
{
    struct session *session = (struct session *) websocket;
    session->handler->closed(session);
}

void session_open(struct session *session, uint32_t index, uint16_t port, const struct opening *opening,
                  const struct session_handler *handler)
{
    static const struct websocket_handler lasting = {.opened = opened, .message = message};
    static const struct websocket_handler closing = {opened, message, closed};
    session->opening = opening;
    session->handler = handler;
    session->ready = false;
    websocket_open(&session->websocket, index, port, opening->path, handler->closed ? &closing : &lasting);
}
