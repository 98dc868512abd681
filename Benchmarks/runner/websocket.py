# SPDX-License-Identifier: Apache-2.0
# SPDX-FileCopyrightText: Hibiki contributors

"""The client's side of RFC 6455 as far as small texts need it, on asyncio: thousands of them fit into one process."""

import asyncio
import os
import socket
import struct

TEXT, CLOSE, PING, PONG = 0x1, 0x8, 0x9, 0xA
# With this, closing a socket sends a reset at once, and what was on its way is lost.
LINGER = struct.pack("ii", 1, 0)


class BadAnswer(Exception):
    """The server sent what no server has reason to send here."""


class WebSocket(asyncio.Protocol):
    """Calls `text` with the bytes of each text message, and `lost` when the other side ends the connection."""

    def __init__(self, text, lost):
        self.text = text
        self.lost = lost
        self.transport = None
        self.upgraded = False
        self.ended = False
        self.kept = b""

    async def open(self, address, path, source):
        """Answers when the connection is there, not yet the upgrade."""
        self.request = (
            f"GET {path} HTTP/1.1\r\nHost: {address[0]}:{address[1]}\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
            "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\nSec-WebSocket-Version: 13\r\n\r\n"
        )
        loop = asyncio.get_running_loop()
        await loop.create_connection(lambda: self, *address, local_addr=(source, 0))

    def connection_made(self, transport):
        self.transport = transport
        transport.get_extra_info("socket").setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, LINGER)
        transport.write(self.request.encode())

    def connection_lost(self, error):
        if not self.ended:
            self.ended = True
            self.lost()

    def reset(self):
        """Ends the connection with RST; nothing is called afterwards."""
        self.ended = True
        if self.transport:
            self.transport.abort()

    def send(self, text, opcode=TEXT):
        if len(text) > 65535:
            raise ValueError("a message above 65,535 bytes")
        size = len(text)
        head = bytes((0x80 | opcode, 0x80 | size)) if size < 126 else struct.pack("!BBH", 0x80 | opcode, 0xFE, size)
        key = os.urandom(4)
        mask = int.from_bytes((key * (size // 4 + 1))[:size], "big")
        masked = (int.from_bytes(text, "big") ^ mask).to_bytes(size, "big")
        self.transport.write(head + key + masked)

    def data_received(self, data):
        data = self.kept + data
        done = 0 if self.upgraded else self.read_upgrade(data)
        while self.upgraded and not self.ended:
            frame = read_frame(data, done)
            if not frame:
                break
            opcode, begin, done = frame
            self.handle(opcode, data[begin:done])
        self.kept = data[done:]

    def read_upgrade(self, data):
        """How many bytes the whole answer has, or 0."""
        end = data.find(b"\r\n\r\n")
        if end < 0:
            return 0
        if not data.startswith(b"HTTP/1.1 101"):
            raise BadAnswer(f"the server refused the upgrade: {data[:end].decode(errors='replace')}")
        self.upgraded = True
        return end + 4

    def handle(self, opcode, payload):
        if opcode == TEXT:
            self.text(payload)
        elif opcode == PING:
            self.send(payload, PONG)
        elif opcode == CLOSE:
            self.transport.abort()
        elif opcode != PONG:
            raise BadAnswer(f"opcode {opcode}")


def read_frame(data, start):
    """Opcode, begin and end of the payload; None until the frame is complete."""
    if len(data) < start + 2:
        return None
    first, size = data[start], data[start + 1]
    begin = start + 2
    if first & 0xF0 != 0x80 or size > 127:
        raise BadAnswer(f"a fragment, a reserved bit or a mask: {data[start:begin].hex()}")
    if size > 125:
        width = 2 if size == 126 else 8
        begin += width
        size = int.from_bytes(data[start + 2 : begin], "big")
    return (first & 0x0F, begin, begin + size) if len(data) >= begin + size else None
