// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: Hibiki contributors

#ifndef LOAD_ENGINE_H
#define LOAD_ENGINE_H

#include <stdbool.h>

#include "websocket.h"

/// The client's side of Engine.IO 4 on an open WebSocket, as far as a server that behaves needs it. Answers whether the
/// frame was the engine's own: a ping gets its pong, the open packet and a noop are passed over. A packet that ends or
/// refuses the session (`1`, `41`, `44`), or none that the protocol knows, ends the process.
bool engine_takes(struct websocket *websocket, const struct frame *frame);

#endif
