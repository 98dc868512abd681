# SPDX-License-Identifier: Apache-2.0
# SPDX-FileCopyrightText: Hibiki contributors
"""A raw WebSocket client (RFC 6455, RFC 7692): it can write any broken frame, and reads strictly."""

from __future__ import annotations

import base64
import hashlib
import json
import os
import time
import zlib
from dataclasses import dataclass
from typing import Dict, Iterable, Optional, Tuple

from support.rawclient import Connection, Ended, Headers, Malformed, Response

CONTINUATION, TEXT, BINARY, CLOSE, PING, PONG = 0x0, 0x1, 0x2, 0x8, 0x9, 0xA
RSV1, RSV2, RSV3 = 0x40, 0x20, 0x10

KEY = "aGliaWtpIGhpYmlraSBoIQ=="
DEFLATE = (("Sec-WebSocket-Extensions", "permessage-deflate"),)


@dataclass
class Frame:
    fin: bool
    rsv: int
    opcode: int
    payload: bytes


@dataclass
class Close:
    """What a Close frame said; `code` is `None` if it was empty."""

    code: Optional[int]
    reason: str = ""


class Refused(AssertionError):
    """The server did not answer 101."""

    def __init__(self, response: Response):
        super().__init__(f"{response.status} {response.body[:200]!r}")
        self.response = response


def mask_bytes(payload: bytes, key: bytes) -> bytes:
    count = len(payload)
    repeated = (key * (count // 4 + 1))[:count]
    return (int.from_bytes(payload, "big") ^ int.from_bytes(repeated, "big")).to_bytes(count, "big") if count else b""


def frame(
    opcode: int,
    payload: bytes = b"",
    *,
    fin: bool = True,
    rsv: int = 0,
    mask: Optional[bytes] = b"\x37\xfa\x21\x3d",
    length: Optional[int] = None,
    form: Optional[int] = None,
) -> bytes:
    """The bytes of a frame. `length` lies about the payload, `form` (7, 16, 64) forces a length form."""
    told = len(payload) if length is None else length
    form = form or (7 if told < 126 else 16 if told < 65536 else 64)
    first = (0x80 if fin else 0) | rsv | opcode
    bit = 0x80 if mask is not None else 0
    if form == 7:
        head = bytes((first, bit | told))
    elif form == 16:
        head = bytes((first, bit | 126)) + told.to_bytes(2, "big")
    else:
        head = bytes((first, bit | 127)) + told.to_bytes(8, "big")
    return head + (payload if mask is None else mask + mask_bytes(payload, mask))


def text(message, **options) -> bytes:
    """A text frame; what is not a string or bytes is sent as JSON."""
    if not isinstance(message, (str, bytes)):
        message = json.dumps(message)
    return frame(TEXT, message.encode() if isinstance(message, str) else message, **options)


def close_payload(code: int, reason: bytes = b"") -> bytes:
    return code.to_bytes(2, "big") + reason


def deflate(data: bytes, *, level: int = 9, final: bool = False) -> bytes:
    """The payload of a compressed message (RFC 7692 §7.2.1); `final` ends it with a BFINAL block (§7.2.3.4)."""
    compressor = zlib.compressobj(level, zlib.DEFLATED, -15)
    if final:
        return compressor.compress(data) + compressor.flush(zlib.Z_FINISH) + b"\x00"
    return (compressor.compress(data) + compressor.flush(zlib.Z_SYNC_FLUSH))[:-4]


def upgrade_request(
    host: str,
    *,
    method: str = "GET",
    target: str = "/ws",
    version: str = "HTTP/1.1",
    replace: Optional[Dict[str, Optional[str]]] = None,
    extra: Iterable[Tuple[str, str]] = (),
    body: bytes = b"",
) -> bytes:
    """An opening handshake; `replace` changes a header or, with `None`, leaves it out."""
    headers: Dict[str, Optional[str]] = {
        "Host": host,
        "Upgrade": "websocket",
        "Connection": "Upgrade",
        "Sec-WebSocket-Key": KEY,
        "Sec-WebSocket-Version": "13",
    }
    headers.update(replace or {})
    lines = [f"{method} {target} {version}"]
    lines += [f"{name}: {value}" for name, value in headers.items() if value is not None]
    lines += [f"{name}: {value}" for name, value in extra]
    return "\r\n".join(lines).encode("latin-1") + b"\r\n\r\n" + body


def accept_for(key: str) -> str:
    return base64.b64encode(hashlib.sha1((key + "258EAFA5-E914-47DA-95CA-C5AB0DC85B11").encode()).digest()).decode()


class WebSocket:
    """An open WebSocket. Pings are answered while reading, unless `answer_pings` is false."""

    def __init__(self, connection: Connection, response: Response, *, answer_pings: bool = True):
        self.connection = connection
        self.response = response
        self.answer_pings = answer_pings
        self.client_id: Optional[str] = None
        extensions = response.header("sec-websocket-extensions") or ""
        self.deflated = extensions.startswith("permessage-deflate")
        self.fresh_inflater = "server_no_context_takeover" in extensions
        self.inflater = zlib.decompressobj(-15)

    @classmethod
    def open(
        cls,
        port: int,
        *,
        headers: Headers = (),
        path: str = "/ws",
        glued: bytes = b"",
        connection: Optional[Connection] = None,
        welcome: bool = True,
        answer_pings: bool = True,
        **options,
    ) -> "WebSocket":
        """Connects and shakes hands. `glued` is sent in one write with the request; `options` go to `Connection`."""
        opened = connection or Connection(port, **options)
        try:
            key = base64.b64encode(os.urandom(16)).decode()
            request = upgrade_request(opened.host, target=path, replace={"Sec-WebSocket-Key": key}, extra=headers)
            opened.send(request + glued)
            response = opened.read_response()
            if response.status != 101:
                raise Refused(response)
            if response.header("sec-websocket-accept") != accept_for(key):
                raise Malformed("Sec-WebSocket-Accept does not fit the key")
            if (response.header("upgrade") or "").lower() != "websocket":
                raise Malformed("101 without Upgrade: websocket")
            socket = cls(opened, response, answer_pings=answer_pings)
            if welcome:
                first = socket.read_json()
                if first is None or first.get("type") != "welcome" or not first.get("clientId"):
                    raise Malformed(f"welcome expected, not {first!r}")
                socket.client_id = first["clientId"]
            return socket
        except BaseException:
            opened.close()
            raise

    def __enter__(self) -> "WebSocket":
        return self

    def __exit__(self, *_) -> None:
        self.connection.close()

    def send(self, data: bytes) -> None:
        self.connection.send(data)

    def send_json(self, message) -> None:
        self.connection.send(text(message))

    def read_frame(self) -> Frame:
        first, second = self.connection.take(2)
        opcode = first & 0x0F
        if second & 0x80:
            raise Malformed("the server masked a frame")
        length = second
        if length == 126:
            length = int.from_bytes(self.connection.take(2), "big")
        elif length == 127:
            length = int.from_bytes(self.connection.take(8), "big")
        if opcode >= CLOSE and (length > 125 or not first & 0x80):
            raise Malformed("a control frame of the server is fragmented or too long")
        return Frame(bool(first & 0x80), first & 0x70, opcode, self.connection.take(length))

    def read_message(self):
        """The next message: `bytes` of a text message, or `Close`. Pings are answered, pongs skipped."""
        parts = bytearray()
        compressed = False
        started = False
        while True:
            got = self.read_frame()
            if got.opcode == CLOSE:
                code = int.from_bytes(got.payload[:2], "big") if len(got.payload) >= 2 else None
                return Close(code, got.payload[2:].decode())
            if got.opcode == PING and self.answer_pings:
                self.connection.try_send(frame(PONG, got.payload))
            if got.opcode >= CLOSE:
                continue
            if (got.opcode == CONTINUATION) != started or got.opcode == BINARY:
                raise Malformed(f"opcode {got.opcode} at the wrong place")
            if not started:
                started, compressed = True, bool(got.rsv & RSV1)
            if got.rsv & ~(RSV1 if self.deflated else 0):
                raise Malformed("reserved bits without an extension")
            parts += got.payload
            if got.fin:
                return self.inflate(bytes(parts)) if compressed else bytes(parts)

    def inflate(self, data: bytes) -> bytes:
        if self.fresh_inflater:
            self.inflater = zlib.decompressobj(-15)
        return self.inflater.decompress(data + b"\x00\x00\xff\xff")

    def read_json(self):
        """The next message as JSON; `None` at a Close frame."""
        message = self.read_message()
        return None if isinstance(message, Close) else json.loads(message)

    def read_until(self, wanted) -> dict:
        """The next message for which `wanted(message)` holds; others are dropped."""
        while True:
            message = self.read_json()
            if message is None:
                raise Ended("closed while a message was awaited")
            if wanted(message):
                return message

    def ask(self, message: dict) -> dict:
        """Sends a request that carries an `id` and reads the answer with the same one."""
        self.send_json(message)
        return self.read_until(lambda answer: answer.get("id") == message["id"] and answer.get("type") != "event")

    def read_close(self, seconds: float = 5.0) -> Close:
        """Reads up to the Close frame; `Ended` if the connection ends without one."""
        deadline = time.monotonic() + seconds
        while True:
            left = deadline - time.monotonic()
            if left <= 0:
                raise AssertionError(f"no Close frame within {seconds} s")
            self.connection.socket.settimeout(left)
            message = self.read_message()
            if isinstance(message, Close):
                return message
