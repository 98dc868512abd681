# SPDX-License-Identifier: Apache-2.0
# SPDX-FileCopyrightText: Hibiki contributors
"""A raw Engine.IO 4 client, over long polling and over WebSocket: one request, one packet at a time."""

from __future__ import annotations

import base64
import json
import pathlib
import time
from typing import List, Optional, Tuple, Union
from urllib.parse import urlencode

from support.rawclient import Connection, Ended, Headers, Malformed, Response, request_bytes
from support.rawwebsocket import BINARY, CLOSE, CONTINUATION, PING, PONG, TEXT, Close, WebSocket, frame
from support.server import eventually

ENGINE, SOCKETS = "/engine.io/", "/socket.io/"
SEPARATOR = "\x1e"
OPEN_PACKET, PING_PACKET, PONG_PACKET = "0", "2", "3"

Packet = Union[str, bytes]


def target(path: str, transport: Optional[str] = "polling", sid: Optional[str] = None, eio: Optional[str] = "4",
           **parameters) -> str:
    """The request target of a session; a parameter that is `None` is left out."""
    query = {"EIO": eio, "transport": transport, "sid": sid, **parameters}
    return f"{path}?{urlencode({name: value for name, value in query.items() if value is not None})}"


def encode_payload(packets) -> bytes:
    """A polling body; a packet that is `bytes` is a binary message."""
    texts = ["b" + base64.b64encode(each).decode() if isinstance(each, bytes) else each for each in packets]
    return SEPARATOR.join(texts).encode()


def decode_payload(body: bytes) -> List[Packet]:
    texts = body.decode().split(SEPARATOR)
    return [base64.b64decode(each[1:], validate=True) if each.startswith("b") else each for each in texts]


def read_handshake(packet: Packet) -> dict:
    if not isinstance(packet, str) or not packet.startswith(OPEN_PACKET):
        raise Malformed(f"an open packet expected, not {packet!r}")
    return json.loads(packet[1:])


def unread(connection: Connection) -> Optional[int]:
    """How many bytes of what we sent the peer has not read from its kernel yet; `None` where nothing tells."""
    ours, theirs = connection.socket.getsockname()[1], connection.port
    for table in (pathlib.Path("/proc/net/tcp"), pathlib.Path("/proc/net/tcp6")):
        for line in table.read_text().splitlines()[1:] if table.exists() else ():
            fields = line.split()
            local, remote = (int(fields[place].rpartition(":")[2], 16) for place in (1, 2))
            if (local, remote) == (theirs, ours):
                return int(fields[4].partition(":")[2], 16)
    return None


class Polling:
    """A session over long polling. Each request goes on a connection of its own, unless it is given one."""

    def __init__(self, port: int, path: str, eio: str, response: Response):
        self.port = port
        self.path = path
        self.eio = eio
        self.response = response
        packets = decode_payload(response.body)
        self.handshake = read_handshake(packets.pop(0))
        self.sid: str = self.handshake["sid"]
        self.waiting: List[Packet] = packets

    @classmethod
    def open(cls, port: int, path: str = ENGINE, *, eio: str = "4", headers: Headers = (), **parameters) -> "Polling":
        with Connection(port) as connection:
            response = connection.request("GET", target(path, eio=eio, **parameters), headers)
        if response.status != 200:
            raise AssertionError(f"no session: {response.status} {response.body[:200]!r}")
        return cls(port, path, eio, response)

    def close(self) -> None:
        """Tells the server that the session is over, if it still is one."""
        try:
            self.post("1")
        except (Ended, OSError):
            pass

    def target(self, **parameters) -> str:
        return target(self.path, sid=self.sid, eio=self.eio, **parameters)

    def request(self, method: str, body: Optional[bytes] = None, headers: Headers = (), *, timeout: float = 5.0,
                **parameters) -> Response:
        with Connection(self.port, timeout=timeout) as connection:
            return connection.request(method, self.target(**parameters), headers, body)

    def get(self, **options) -> Response:
        return self.request("GET", **options)

    def post(self, *packets: Packet, headers: Headers = (), **options) -> Response:
        plain = ("Content-Type", "text/plain;charset=UTF-8")
        return self.request("POST", encode_payload(packets), (plain, *headers), **options)

    def hang(self) -> Connection:
        """A connection whose GET the server has read, with nothing to answer yet."""
        connection = Connection(self.port)
        connection.send(request_bytes("GET", self.target(), connection.host))
        self.settle(connection)
        return connection

    def settle(self, connection: Connection) -> None:
        """Waits until the server has read what was sent on `connection`, and has answered somebody since."""
        if unread(connection) is None:
            time.sleep(0.05)
        else:
            eventually(lambda: not unread(connection), what="the request being read")
        with Connection(self.port) as other:
            other.request("GET", target(self.path, transport="none"))

    # Packets

    def poll(self, **options) -> List[Packet]:
        """The packets of one poll that is answered as it should be."""
        response = self.get(**options)
        if response.status != 200:
            raise Ended(f"the poll was answered {response.status} {response.body[:200]!r}")
        return decode_payload(response.body)

    def send(self, *packets: Packet) -> None:
        response = self.post(*packets)
        if (response.status, response.body) != (200, b"ok"):
            raise Ended(f"the post was answered {response.status} {response.body[:200]!r}")

    def receive(self) -> Packet:
        """The next packet, polling for it where needed; a ping is answered, a noop passed over."""
        while True:
            while not self.waiting:
                self.waiting = self.poll()
            packet = self.waiting.pop(0)
            if packet == PING_PACKET:
                self.send(PONG_PACKET)
            elif packet != "6":
                return packet

    def is_known(self) -> bool:
        """Whether the server still has the session; the noop that is posted to see it does nothing."""
        return self.post("6").status == 200


class EngineSocket(WebSocket):
    """Engine.IO over WebSocket: each message is a packet, text as `str`, binary as `bytes`."""

    handshake: Optional[dict] = None

    @classmethod
    def connect(cls, port: int, path: str = ENGINE, *, eio: str = "4", sid: Optional[str] = None,
                parameters: Optional[dict] = None, **options) -> "EngineSocket":
        """A new session, whose open packet is read; or with `sid` the candidate for an upgrade of that session."""
        address = target(path, "websocket", sid, eio, **(parameters or {}))
        opened = cls.open(port, path=address, welcome=False, **options)
        if sid is None:
            opened.handshake = read_handshake(opened.packet())
        return opened

    @property
    def sid(self) -> str:
        return self.handshake["sid"]

    def close(self) -> None:
        self.connection.close()

    def send(self, *packets: Packet) -> None:
        """Sends packets in one write."""
        self.connection.send(b"".join(
            frame(BINARY, each) if isinstance(each, bytes) else frame(TEXT, each.encode()) for each in packets))

    def read_message(self) -> Union[str, bytes, Close]:
        kind, parts = None, bytearray()
        while True:
            got = self.read_frame()
            if got.opcode == CLOSE:
                code = int.from_bytes(got.payload[:2], "big") if len(got.payload) >= 2 else None
                return Close(code, got.payload[2:].decode())
            if got.opcode == PING:
                self.connection.try_send(frame(PONG, got.payload))
            if got.opcode in (PING, PONG):
                continue
            if got.rsv or (got.opcode == CONTINUATION) != (kind is not None):
                raise Malformed(f"opcode {got.opcode} with reserved bits {got.rsv:#x} at the wrong place")
            kind = kind or got.opcode
            parts += got.payload
            if got.fin:
                return parts.decode() if kind == TEXT else bytes(parts)

    def packet(self) -> Packet:
        """The next packet, whatever it is."""
        message = self.read_message()
        if isinstance(message, Close):
            raise Ended(f"closed with {message.code} while a packet was awaited")
        return message

    def receive(self) -> Packet:
        """The next packet but for pings, which are answered."""
        while True:
            packet = self.packet()
            if packet != PING_PACKET:
                return packet
            self.send(PONG_PACKET)

    def until_close(self, seconds: float = 5.0) -> Tuple[List[Packet], Close]:
        """What comes up to the Close frame, and that frame; pings are kept and not answered."""
        deadline = time.monotonic() + seconds
        packets: List[Packet] = []
        while True:
            self.connection.socket.settimeout(max(0.001, deadline - time.monotonic()))
            try:
                message = self.read_message()
            except TimeoutError:
                raise AssertionError(f"not closed within {seconds} s; so far came {packets!r}") from None
            if isinstance(message, Close):
                self.connection.try_send(frame(CLOSE, message.code.to_bytes(2, "big") if message.code else b""))
                return packets, message
            packets.append(message)
