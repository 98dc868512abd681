# SPDX-License-Identifier: Apache-2.0
# SPDX-FileCopyrightText: Hibiki contributors
"""A bad network on loopback: a TCP relay in front of a server, that can lose connections in every way they get lost.

Chromium's own offline emulation does not do this: it leaves open EventSource streams running and only holds back the
frames of open WebSockets. A Link breaks the real TCP connections, for every client alike.

    with Link(server_port) as link:          # connect the clients to link.port instead of server_port
        link.cut()                           # RST for all that is open; new connections work at once
        link.cut(match=b"Upgrade: websocket")  # only connections whose first bytes have this (case-insensitive)
        link.cut(reset=False)                # FIN instead of RST
        link.forbid(b"Upgrade: websocket")  # cut all, and from now on each that asks for this; forbid() ends it
        link.down(); link.up()               # cut all and refuse new ones (ECONNREFUSED), until up()
        link.freeze(); link.thaw()           # a black hole: nothing passes, nothing is closed; held bytes pass at thaw
        link.slow(latency=0.2, rate=50_000)  # seconds each way, bytes/s each way of a connection; slow() ends it
        link.open, link.total, link.bytes_in, link.bytes_out
"""

import asyncio
import socket
import struct
import threading

LOOPBACK = "127.0.0.1"
CHUNK = 64 * 1024


class _Connection:
    def __init__(self, link, client):
        self.link, self.client, self.server = link, client, None
        self.head = b""          # the first bytes from the client
        self.tasks = []

    def close(self, reset):
        for _, writer in filter(None, (self.client, self.server)):
            sock = writer.get_extra_info("socket")
            if reset and sock is not None:
                try:
                    sock.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
                except OSError:
                    pass
            writer.transport.abort()
        for t in self.tasks:
            t.cancel()


class Link:
    def __init__(self, port, listen=0):
        self.target, self.port = port, listen
        self.total = self.bytes_in = self.bytes_out = 0
        self._connections = set()
        self._latency, self._rate = 0.0, 0
        self._forbidden = ()
        self._loop = asyncio.new_event_loop()
        self._thread = threading.Thread(target=self._loop.run_forever, name="link", daemon=True)
        self._thread.start()
        self._call(self._start())

    # What a test says (from any thread)
    @property
    def open(self):
        return len(self._connections)

    def cut(self, match=b"", reset=True):
        """Closes the open connections (whose first bytes contain match); returns how many."""
        return self._call(self._cut(match.lower(), reset))

    def forbid(self, *words):
        """Another network, with rules of its own: it resets a connection whose request holds one of these words."""
        self._forbidden = tuple(word.lower() for word in words)
        self.cut()

    def down(self, reset=True):
        self._call(self._stop_listening())
        return self.cut(reset=reset)

    def up(self):
        self._call(self._listen())

    def freeze(self):
        self._loop.call_soon_threadsafe(self._flow.clear)

    def thaw(self):
        self._loop.call_soon_threadsafe(self._flow.set)

    def slow(self, latency=0.0, rate=0):
        self._latency, self._rate = latency, rate

    def close(self):
        if self._loop.is_running():
            self._call(self._stop())
            self._loop.call_soon_threadsafe(self._loop.stop)
            self._thread.join(5)

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.close()

    # The relay (in its own thread's loop)
    def _call(self, coroutine):
        return asyncio.run_coroutine_threadsafe(coroutine, self._loop).result(10)

    async def _start(self):
        self._flow = asyncio.Event()
        self._flow.set()
        self._server = None
        await self._listen()

    async def _listen(self):
        if self._server is None:
            self._server = await asyncio.start_server(self._accept, LOOPBACK, self.port, limit=CHUNK)
            self.port = self._server.sockets[0].getsockname()[1]

    async def _stop_listening(self):
        if self._server is not None:
            self._server.close()
            self._server = None
            await asyncio.sleep(0)

    async def _stop(self):
        await self._stop_listening()
        await self._cut(b"", True)
        await asyncio.sleep(0)

    async def _cut(self, match, reset):
        chosen = [c for c in self._connections if match in c.head.lower()]
        for c in chosen:
            c.close(reset)
            self._connections.discard(c)
        return len(chosen)

    async def _accept(self, reader, writer):
        c = _Connection(self, (reader, writer))
        self._connections.add(c)
        self.total += 1
        broken = True
        try:
            c.tasks.append(asyncio.current_task())
            await self._flow.wait()
            c.server = await asyncio.open_connection(LOOPBACK, self.target, limit=CHUNK)
            pumps = [asyncio.ensure_future(self._pump(c, c.client[0], c.server[1], True)),
                     asyncio.ensure_future(self._pump(c, c.server[0], c.client[1], False))]
            c.tasks += pumps
            await asyncio.gather(*pumps)
            broken = False
        except (OSError, asyncio.CancelledError):
            pass
        finally:
            if c in self._connections:       # not cut by a test: the two sides ended it, or one broke
                self._connections.discard(c)
                if broken:
                    c.tasks.remove(asyncio.current_task())
                    c.close(reset=True)
                else:
                    c.client[1].close()
                    c.server[1].close()

    async def _pump(self, c, reader, writer, up):
        """Reads at once and writes when due: a latency delays the bytes but does not make the link narrower."""
        queue = asyncio.Queue(256)

        async def read():
            end = b""
            try:
                while data := await reader.read(CHUNK):
                    if up:
                        self.bytes_in += len(data)
                        if len(c.head) < 4096:
                            c.head += data
                        if any(word in data.lower() for word in self._forbidden):
                            raise ConnectionResetError("forbidden")
                    else:
                        self.bytes_out += len(data)
                    await queue.put((self._loop.time() + self._latency, data))
            except OSError as e:
                end = e
            await queue.put((self._loop.time() + self._latency, end))

        task = asyncio.ensure_future(read())
        try:
            while True:
                due, data = await queue.get()
                if (wait := due - self._loop.time()) > 0:
                    await asyncio.sleep(wait)
                await self._flow.wait()
                if isinstance(data, OSError):
                    raise data
                if not data:
                    if writer.can_write_eof():
                        writer.write_eof()
                    return
                if self._rate:
                    await asyncio.sleep(len(data) / self._rate)
                writer.write(data)
                await writer.drain()
        finally:
            task.cancel()
