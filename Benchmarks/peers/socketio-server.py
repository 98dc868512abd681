# SPDX-License-Identifier: Apache-2.0
# SPDX-FileCopyrightText: Hibiki contributors

"""The neighbour in Socket.IO: python-socketio on aiohttp, as its users write it, over WebSocket alone.

`/bench` is the room: it echoes to the sender and says to all. `/bench-publish` says to that room without being in it.
"""

import asyncio
import socket

import socketio
from aiohttp import web

ROOM = "bench"
io = socketio.AsyncServer(async_mode="aiohttp", transports=["websocket"])


@io.on("connect", namespace="/bench")
async def enter(sid, environ):
    await io.enter_room(sid, ROOM, namespace="/bench")


@io.on("connect", namespace="/bench-publish")
async def connect(sid, environ):
    pass


@io.on("echo", namespace="/bench")
async def echo(sid, *arguments):
    await io.emit("echo", arguments, to=sid, namespace="/bench")


@io.on("say", namespace="/bench")
@io.on("say", namespace="/bench-publish")
async def say(sid, *arguments):
    await io.emit("said", arguments, room=ROOM, namespace="/bench")


@io.on("tick", namespace="/bench")
async def tick(sid, count, interval):
    io.start_background_task(tocks, sid, count, interval / 1000)


async def tocks(sid, count, seconds):
    for number in range(1, count + 1):
        await asyncio.sleep(seconds)
        await io.emit("tock", number, to=sid, namespace="/bench")


async def main():
    app = web.Application()
    io.attach(app)
    runner = web.AppRunner(app, access_log=None)
    await runner.setup()
    listener = socket.create_server(("127.0.0.1", 0))
    await web.SockSite(runner, listener, backlog=4096).start()
    print(f"listening on http://127.0.0.1:{listener.getsockname()[1]}", flush=True)
    await asyncio.Event().wait()


asyncio.run(main())
