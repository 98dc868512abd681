# SPDX-License-Identifier: Apache-2.0
# SPDX-FileCopyrightText: Hibiki contributors
"""Pictures made for the tests, byte by byte."""

import struct
import zlib


def chunk(name, data):
    return struct.pack(">I", len(data)) + name + data + struct.pack(">I", zlib.crc32(name + data))


def png(width, height, *, claim=None, extra=b""):
    """A picture in grey; its header may claim other dimensions than it has."""
    rows = b"".join(b"\0" + bytes((x * y) & 0xFF for x in range(width)) for y in range(height))
    head = struct.pack(">IIBBBBB", *(claim or (width, height)), 8, 0, 0, 0, 0)
    return (b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + extra + chunk(b"IDAT", zlib.compress(rows))
            + chunk(b"IEND", b""))


def webp_size(data):
    """Width and height of a WebP, from the kinds that libvips writes."""
    kind = data[12:16]
    if kind == b"VP8 ":
        width, height = struct.unpack("<HH", data[26:30])
        return width & 0x3FFF, height & 0x3FFF
    if kind == b"VP8L":
        bits = struct.unpack("<I", data[21:25])[0]
        return (bits & 0x3FFF) + 1, (bits >> 14 & 0x3FFF) + 1
    number = lambda at: int.from_bytes(data[at:at + 3], "little") + 1  # noqa: E731
    return number(24), number(27)
