# SPDX-License-Identifier: Apache-2.0
# SPDX-FileCopyrightText: Hibiki contributors
"""A small MessagePack reader and writer, for packets of `socket.io-msgpack-parser`."""

from __future__ import annotations

import struct
from typing import Tuple

from support.rawclient import Malformed

UNDEFINED = b"\xd4\x00\x00"     # how the JavaScript library writes `undefined`: an extension of type 0
FIXED = {0xCA: ">f", 0xCB: ">d", 0xCC: ">B", 0xCD: ">H", 0xCE: ">I", 0xCF: ">Q",
         0xD0: ">b", 0xD1: ">h", 0xD2: ">i", 0xD3: ">q"}


class Raw(bytes):
    """Bytes that stand in the output as they are."""


def pack(value) -> bytes:
    if isinstance(value, Raw):
        return bytes(value)
    if value is None or isinstance(value, bool):
        return {None: b"\xc0", False: b"\xc2", True: b"\xc3"}[value]
    if isinstance(value, int):
        return pack_integer(value)
    if isinstance(value, float):
        return b"\xcb" + struct.pack(">d", value)
    if isinstance(value, bytes):
        return head(len(value), None, 0, (0xC4, 0xC5, 0xC6)) + value
    if isinstance(value, str):
        data = value.encode()
        return head(len(data), 0xA0, 32, (0xD9, 0xDA, 0xDB)) + data
    if isinstance(value, dict):
        parts = b"".join(pack(name) + pack(each) for name, each in value.items())
        return head(len(value), 0x80, 16, (None, 0xDE, 0xDF)) + parts
    return head(len(value), 0x90, 16, (None, 0xDC, 0xDD)) + b"".join(map(pack, value))


def pack_integer(value: int) -> bytes:
    if -32 <= value < 128:
        return struct.pack(">b" if value < 0 else ">B", value)
    for code, low, high in ((0xCC, 0, 1 << 8), (0xCD, 0, 1 << 16), (0xCE, 0, 1 << 32), (0xCF, 0, 1 << 64),
                            (0xD0, -1 << 7, 0), (0xD1, -1 << 15, 0), (0xD2, -1 << 31, 0), (0xD3, -1 << 63, 0)):
        if low <= value < high:
            return bytes([code]) + struct.pack(FIXED[code], value)
    raise OverflowError(value)


def head(count: int, short, below: int, codes) -> bytes:
    if count < below:
        return bytes([short | count])
    for code, form, limit in zip(codes, (">B", ">H", ">I"), (1 << 8, 1 << 16, 1 << 32)):
        if code is not None and count < limit:
            return bytes([code]) + struct.pack(form, count)
    raise OverflowError(count)


def unpack(data: bytes):
    """The one value in `data`; `undefined` is `None`."""
    value, place = take(data, 0)
    if place != len(data):
        raise Malformed(f"{len(data) - place} bytes behind the packet")
    return value


def take(data: bytes, place: int) -> Tuple[object, int]:
    try:
        return take_value(data, place)
    except (IndexError, struct.error):
        raise Malformed(f"a value that is cut short: {data[:80]!r}") from None


def take_value(data: bytes, place: int) -> Tuple[object, int]:
    code = data[place]
    place += 1
    if code < 0x80 or code >= 0xE0:
        return (code if code < 0x80 else code - 256), place
    if code < 0xA0:
        return take_many(data, place, code & 0x0F, code < 0x90)
    if code < 0xC0:
        return take_text(data, place, code & 0x1F)
    if code in (0xC0, 0xC2, 0xC3):
        return {0xC0: None, 0xC2: False, 0xC3: True}[code], place
    if code in FIXED:
        size = struct.calcsize(FIXED[code])
        return struct.unpack_from(FIXED[code], data, place)[0], place + size
    if 0xD4 <= code <= 0xD8:
        return take_extension(data, place, 1 << (code - 0xD4))
    sizes = {0xC4: 1, 0xC5: 2, 0xC6: 4, 0xC7: 1, 0xC8: 2, 0xC9: 4, 0xD9: 1, 0xDA: 2, 0xDB: 4,
             0xDC: 2, 0xDD: 4, 0xDE: 2, 0xDF: 4}
    if code not in sizes:
        raise Malformed(f"the code {code:#x}")
    count = int.from_bytes(data[place:place + sizes[code]], "big")
    place += sizes[code]
    if code <= 0xC6:
        return exactly(data, place, count), place + count
    if code <= 0xC9:
        return take_extension(data, place, count)
    if code <= 0xDB:
        return take_text(data, place, count)
    return take_many(data, place, count, code >= 0xDE)


def exactly(data: bytes, place: int, count: int) -> bytes:
    part = data[place:place + count]
    if len(part) < count:
        raise IndexError
    return part


def take_text(data: bytes, place: int, count: int) -> Tuple[str, int]:
    return exactly(data, place, count).decode(), place + count


def take_extension(data: bytes, place: int, count: int) -> Tuple[object, int]:
    kind, payload = data[place], exactly(data, place + 1, count)
    undefined = kind == 0 and payload == b"\0"
    return (None if undefined else (kind, payload)), place + 1 + count


def take_many(data: bytes, place: int, count: int, pairs: bool) -> Tuple[object, int]:
    values = []
    for _ in range(count * (2 if pairs else 1)):
        value, place = take(data, place)
        values.append(value)
    return (dict(zip(values[::2], values[1::2])) if pairs else values), place
