# SPDX-License-Identifier: Apache-2.0
# SPDX-FileCopyrightText: Hibiki contributors
"""Payloads of Engine.IO 3, the protocol of Socket.IO 2: lengths in UTF-16 units, or binary with a header a packet."""

from __future__ import annotations

import re
from typing import List, Union

from support.rawclient import Malformed

Packet = Union[str, bytes]

HEAD = re.compile(rb"((?:[0-9]\0){1,9}):\0")


def units(text: str) -> int:
    return len(text.encode("utf-16-le")) // 2


def encode_text(*packets: str) -> bytes:
    return "".join(f"{units(packet)}:{packet}" for packet in packets).encode()


def decode_text(body: bytes) -> List[str]:
    wide = body.decode().encode("utf-16-le")
    packets, place = [], 0
    while place < len(wide):
        found = HEAD.match(wide, place)
        if not found:
            raise Malformed(f"no length: {body[:80]!r}")
        start = found.end()
        place = start + 2 * int(found.group(1).decode("utf-16-le"))
        if place > len(wide):
            raise Malformed(f"a packet past the end: {body[:80]!r}")
        packets.append(wide[start:place].decode("utf-16-le"))
    return packets


def encode_binary(*packets: Packet) -> bytes:
    """A text packet is `str` with its type; a binary one is `bytes` with its type as the first byte."""
    body = bytearray()
    for packet in packets:
        data = packet.encode() if isinstance(packet, str) else packet
        body += bytes([isinstance(packet, bytes), *map(int, str(len(data))), 0xFF]) + data
    return bytes(body)


def decode_binary(body: bytes) -> List[Packet]:
    packets: List[Packet] = []
    place = 0
    while place < len(body):
        kind = body[place]
        end = body.index(0xFF, place)
        length = int("".join(str(digit) for digit in body[place + 1:end]))
        data = body[end + 1:end + 1 + length]
        if kind > 1 or len(data) < length:
            raise Malformed(f"not a binary payload: {body[:80]!r}")
        packets.append(data if kind else data.decode())
        place = end + 1 + length
    return packets
