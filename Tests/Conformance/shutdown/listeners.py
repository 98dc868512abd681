# SPDX-License-Identifier: Apache-2.0
# SPDX-FileCopyrightText: Hibiki contributors
"""Listeners on asyncio and raw sockets, one class for each transport, thousands of them in one process.

Each follows one topic whose events are numbered, does what a server tells it that is about to stop, and comes back where it
was. What goes wrong on the way stands in `faults`.
"""

from __future__ import annotations

import asyncio
import base64
import json
import os
import struct
from typing import Dict, List, Optional, Tuple
from urllib.parse import quote

TEXT, CLOSE, PING, PONG = 1, 8, 9, 10
SOCKETS = 250
ENDS = (OSError, asyncio.IncompleteReadError, EOFError)
POLL_INTERVAL = 0.4


class Told(Exception):
    """The server has said that it is about to stop, and when to come back."""

    def __init__(self, seconds: float):
        super().__init__(seconds)
        self.seconds = seconds


class Listener:
    """`opened` has the moments at which a connection was there, `told` those at which the server said goodbye."""

    def __init__(self, port: int, topic: str, index: int):
        self.port = port
        self.topic = topic
        self.source = f"127.0.0.{2 + index % SOCKETS}"
        self.seen = 0
        self.position: Optional[str] = "earliest"
        self.is_ready = False
        self.opened: List[float] = []
        self.told: List[float] = []
        self.faults: List[str] = []
        self.reader: asyncio.StreamReader
        self.writer: asyncio.StreamWriter

    # Its life

    async def live(self) -> None:
        """Connects whenever the connection is gone, until it is cancelled."""
        while True:
            self.is_ready = False
            wait = 0.5
            try:
                await self.connect()
                await self.listen()
            except Told as told:
                self.told.append(self.now())
                wait = told.seconds
            except ENDS:
                pass
            finally:
                self.hang_up()
            await asyncio.sleep(wait)

    async def connect(self) -> None:
        self.reader, self.writer = await asyncio.open_connection(
            "127.0.0.1", self.port, local_addr=(self.source, 0), limit=1 << 20)
        self.opened.append(self.now())

    def hang_up(self) -> None:
        if getattr(self, "writer", None):
            self.writer.close()

    async def listen(self) -> None:
        raise NotImplementedError

    @staticmethod
    def now() -> float:
        return asyncio.get_running_loop().time()

    # What comes

    def take(self, event: str, payload: dict) -> None:
        number = payload["number"]
        if event != "numbered" or number != self.seen + 1:
            self.faults.append(f"{event} {number} after {self.seen}")
        self.seen = max(self.seen, number)

    def take_gap(self) -> None:
        self.faults.append(f"a gap after {self.seen}")

    # HTTP

    def ask(self, query: str, *fields: str) -> None:
        lines = [f"GET {query} HTTP/1.1", f"Host: 127.0.0.1:{self.port}", *fields, "", ""]
        self.writer.write("\r\n".join(lines).encode())

    async def head(self) -> Tuple[int, Dict[str, str]]:
        lines = (await self.reader.readuntil(b"\r\n\r\n")).decode().split("\r\n")
        fields = dict(line.split(": ", 1) for line in lines[1:] if line)
        return int(lines[0].split()[1]), {name.lower(): value for name, value in fields.items()}

    @property
    def events(self) -> str:
        return f"/v1/events?topic={quote(self.topic, safe='')}&since={quote(self.position or 'earliest', safe='')}"


class ShortPoll(Listener):
    async def listen(self) -> None:
        while True:
            self.ask(self.events)
            await self.answer()
            self.is_ready = True
            await asyncio.sleep(POLL_INTERVAL)

    async def answer(self) -> None:
        status, fields = await self.head()
        body = await self.reader.readexactly(int(fields.get("content-length", 0)))
        if status == 200:
            answer = json.loads(body)
            if answer.get("gap"):
                self.take_gap()
            for event in answer["events"]:
                self.take(event["event"], event["payload"])
            self.position = answer["lastEventId"]
        elif status == 204:
            self.position = fields["last-event-id"]
        elif status != 503:
            self.faults.append(f"status {status}: {body[:200]!r}")
        if "retry-after" in fields:
            raise Told(float(fields["retry-after"]))
        if fields.get("connection") == "close":
            raise EOFError


class LongPoll(ShortPoll):
    async def listen(self) -> None:
        while True:
            self.ask(self.events + "&wait=20")
            self.is_ready = True
            await self.answer()


class EventStream(Listener):
    async def listen(self) -> None:
        self.ask(self.events, "Accept: text/event-stream")
        status, fields = await self.head()
        if status != 200:
            raise Told(float(fields["retry-after"]))
        self.text = b""
        self.retry = None
        while chunk := await self.chunk():
            self.text += chunk
            *events, self.text = self.text.split(b"\n\n")
            for event in events:
                self.take_lines(event.decode().split("\n"))

    async def chunk(self) -> bytes:
        size = int(await self.reader.readuntil(b"\r\n"), 16)
        return (await self.reader.readexactly(size + 2))[:-2]

    def take_lines(self, lines: List[str]) -> None:
        fields = dict(line.split(": ", 1) for line in lines if line and not line.startswith(":"))
        self.position = fields.get("id", self.position)
        self.retry = fields.get("retry", self.retry)
        event = fields.get("event")
        if event == "connected":
            self.is_ready = True
        elif event == "gap":
            self.take_gap()
        elif event == "server:shutdown":
            delay = json.loads(fields["data"])["reconnectDelay"]
            if self.retry != str(delay):
                self.faults.append(f"retry {self.retry} beside a delay of {delay}")
            raise Told(delay / 1000)
        elif event is not None:
            self.take(event, json.loads(fields["data"]))


class WebSocket(Listener):
    """The native protocol. The code of the server's close frame has to be 1012."""

    path = "/ws"

    async def listen(self) -> None:
        key = base64.b64encode(os.urandom(16)).decode()
        self.ask(self.path, "Upgrade: websocket", "Connection: Upgrade", f"Sec-WebSocket-Key: {key}",
                 "Sec-WebSocket-Version: 13")
        status, fields = await self.head()
        if status != 101:
            raise Told(float(fields["retry-after"]))
        self.goodbye = None
        self.begin()
        while True:
            opcode, payload = await self.frame()
            if opcode == TEXT:
                self.message(payload.decode())
            elif opcode == PING:
                self.send(payload, PONG)
            elif opcode == CLOSE:
                self.closed(payload)

    def begin(self) -> None:
        self.say(type="subscribe", topic=self.topic, since=self.position, id=1)

    def say(self, **message) -> None:
        self.send(json.dumps(message).encode())

    def send(self, payload: bytes, opcode: int = TEXT) -> None:
        size = len(payload)
        head = bytes((0x80 | opcode, 0x80 | size)) if size < 126 else struct.pack("!BBH", 0x80 | opcode, 0xFE, size)
        # A mask of zeros leaves the payload as it is.
        self.writer.write(head + bytes(4) + payload)

    async def frame(self) -> Tuple[int, bytes]:
        first, size = await self.reader.readexactly(2)
        if size > 125:
            size = int.from_bytes(await self.reader.readexactly(2 if size == 126 else 8), "big")
        return first & 15, await self.reader.readexactly(size)

    def closed(self, payload: bytes) -> None:
        self.send(payload, CLOSE)
        code = int.from_bytes(payload[:2], "big")
        if code != 1012 or self.goodbye is None:
            self.faults.append(f"closed with {code}, told {self.goodbye}")
            raise EOFError
        raise Told(self.goodbye)

    def message(self, text: str) -> None:
        message = json.loads(text)
        kind = message["type"]
        if kind == "reply":
            self.is_ready = True
            if message.get("gap"):
                self.take_gap()
        elif kind == "event":
            self.take(message["event"], message["payload"])
            self.position = message["position"]
        elif kind == "server:shutdown":
            self.goodbye = message["reconnectDelay"] / 1000
        elif kind != "welcome":
            self.faults.append(text)


class SocketIO(WebSocket):
    """A client of `/v1` with connection state recovery."""

    path = "/socket.io/?EIO=4&transport=websocket"
    packet = "42/v1,"

    def __init__(self, *arguments):
        super().__init__(*arguments)
        self.sid = self.pid = self.offset = None

    def begin(self) -> None:
        pass

    def message(self, text: str) -> None:
        if text == "2":
            self.send(b"3")
        elif text.startswith("0"):
            claim = {"pid": self.pid, "offset": self.offset} if self.pid else {}
            self.send(b"40/v1," + json.dumps(claim).encode())
        elif text.startswith("40/v1,"):
            self.joined(json.loads(text[6:]))
        elif text.startswith("43/v1,0"):
            self.is_ready = True
        elif text.startswith(self.packet):
            self.event(*json.loads(text[len(self.packet):]))
        else:
            self.faults.append(text)

    def joined(self, reply: dict) -> None:
        if self.sid is None:
            self.send(f'42/v1,0["subscribe",{json.dumps(self.topic)}]'.encode())
        elif reply["sid"] != self.sid:
            self.faults.append("the session was not recovered")
        else:
            self.is_ready = True
        self.sid, self.pid = reply["sid"], reply["pid"]

    def event(self, name: str, payload: dict, offset: Optional[str] = None) -> None:
        if name == "server:shutdown":
            self.goodbye = payload["reconnectDelay"] / 1000
            return
        self.take(name, payload)
        self.offset = offset


KINDS = (ShortPoll, LongPoll, EventStream, WebSocket, SocketIO)
