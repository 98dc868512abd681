// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: Hibiki contributors

// The neighbour: Debian's `ws` on Node, as its users write it. `/echo` returns each message, `/broadcast` gives each
// message to all others, and `/events` streams what is broadcast as Server-Sent Events (Node's own http).

"use strict";

const http = require("node:http");
const { WebSocket, WebSocketServer } = require("ws");

const options = { noServer: true, perMessageDeflate: false };
const echo = new WebSocketServer(options);
const broadcast = new WebSocketServer(options);
const streams = new Set();

echo.on("connection", (socket) => {
  socket.on("error", console.error);
  socket.on("message", (data, isBinary) => socket.send(data, { binary: isBinary }));
});

broadcast.on("connection", (socket) => {
  socket.on("error", console.error);
  socket.on("message", (data, isBinary) => {
    for (const other of broadcast.clients) {
      if (other !== socket && other.readyState === WebSocket.OPEN) {
        other.send(data, { binary: isBinary });
      }
    }
    if (streams.size > 0) {
      const event = Buffer.from(`data: ${data}\n\n`);
      for (const stream of streams) {
        stream.write(event);
      }
    }
  });
});

const server = http.createServer((request, response) => {
  if (request.url !== "/events") {
    response.writeHead(404).end();
    return;
  }
  response.writeHead(200, { "Content-Type": "text/event-stream", "Cache-Control": "no-cache" });
  response.write("event: connected\ndata: {}\n\n");
  streams.add(response);
  response.on("close", () => streams.delete(response));
});

server.on("upgrade", (request, socket, head) => {
  const endpoint = { "/echo": echo, "/broadcast": broadcast }[request.url];
  if (!endpoint) {
    socket.destroy();
    return;
  }
  endpoint.handleUpgrade(request, socket, head, (client) => endpoint.emit("connection", client, request));
});

server.listen({ host: "127.0.0.1", port: 0, backlog: 4096 }, () => {
  console.log(`listening on http://127.0.0.1:${server.address().port}`);
});
