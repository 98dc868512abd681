# SPDX-License-Identifier: Apache-2.0
# SPDX-FileCopyrightText: Hibiki contributors
"""A raw client of HTTP/2: it sends frames right or wrong, and reads those of the server (RFC 9113, RFC 7541)."""

import socket
import time

from support.rawclient import Ended
from tls.authority import SecureConnection

PREFACE = b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n"
DATA, HEADERS, PRIORITY, RST_STREAM, SETTINGS, PUSH_PROMISE, PING, GOAWAY, WINDOW_UPDATE, CONTINUATION = range(10)
END_STREAM, END_HEADERS, PADDED, PRIORITIZED, ACK = 0x1, 0x4, 0x8, 0x20, 0x1
NO_ERROR, PROTOCOL_ERROR, FLOW_CONTROL_ERROR, FRAME_SIZE_ERROR, COMPRESSION_ERROR = 0, 1, 3, 6, 9
ENHANCE_YOUR_CALM = 11
INITIAL_WINDOW_SIZE = 4
NO_TABLE = bytes((0, 1, 0, 0, 0, 0))      # SETTINGS_HEADER_TABLE_SIZE, so that each head can be read by itself

STATUSES = {8: 200, 9: 204, 10: 206, 11: 304, 12: 400, 13: 404, 14: 500}
# The digits in the code of RFC 7541, appendix B: those below 3 have five bits, the others six.
DIGITS = {(5, 0): "0", (5, 1): "1", (5, 2): "2", **{(6, 0x16 + digit): str(digit) for digit in range(3, 10)}}


def frame(kind, flags=0, stream=0, payload=b"", length=None):
    """The bytes of a frame; `length` lies about the payload."""
    told = len(payload) if length is None else length
    return told.to_bytes(3, "big") + bytes((kind, flags)) + stream.to_bytes(4, "big") + payload


def number(value, bits, first=0):
    """An integer with a prefix of `bits` bits (RFC 7541 §5.1)."""
    most = (1 << bits) - 1
    if value < most:
        return bytes((first | value,))
    out, value = bytearray((first | most,)), value - most
    while value >= 128:
        out.append(value % 128 + 128)
        value //= 128
    return bytes(out) + bytes((value,))


def block(fields):
    """A block of fields, each as a literal that is not indexed."""
    out = bytearray()
    for name, value in fields:
        name, value = (text if isinstance(text, bytes) else text.encode() for text in (name, value))
        out += b"\x00" + number(len(name), 7) + name + number(len(value), 7) + value
    return bytes(out)


def request(path="/livez", method="GET", extra=(), authority="localhost"):
    return block([(":method", method), (":path", path), (":scheme", "https"), (":authority", authority), *extra])


def status(payload):
    """The status in the first field of a block that the server has sent."""
    at = 0
    while payload[at] & 0xE0 == 0x20:        # a change of the table's size
        at += 1
    if payload[at] & 0x80:
        return STATUSES[payload[at] & 0x7F]
    length = payload[at + 1] & 0x7F
    text = payload[at + 2:at + 2 + length]
    if not payload[at + 1] & 0x80:
        return int(text)
    bits, digits = "".join(f"{byte:08b}" for byte in text), ""
    while len(digits) < 3:
        size = next(size for size in (5, 6) if (size, int(bits[:size], 2)) in DIGITS)
        digits, bits = digits + DIGITS[size, int(bits[:size], 2)], bits[size:]
    return int(digits)


class FrameClient(SecureConnection):
    """A connection that has agreed on h2. `begins` sends the preface and settings: no table of fields, and `settings`."""

    def __init__(self, server, *, begins=True, settings=b"", **options):
        super().__init__(server.port, server.authority.context("h2"), **options)
        assert self.socket.selected_alpn_protocol() == "h2"
        if begins:
            self.send(PREFACE + frame(SETTINGS, payload=NO_TABLE + settings))

    def read(self):
        """The next frame, as (kind, flags, stream, payload)."""
        head = self.take(9)
        payload = self.take(int.from_bytes(head[:3], "big"))
        return head[3], head[4], int.from_bytes(head[5:9], "big") & 0x7FFFFFFF, payload

    def until(self, *kinds, stream=None):
        """The next frame of these kinds, for that stream if one is named."""
        while True:
            found = self.read()
            if found[0] in kinds and (stream is None or found[2] == stream):
                return found

    def status_of(self, stream):
        """The status of the answer on a stream; `None` if it is reset or the connection ends."""
        try:
            kind, _, _, payload = self.until(HEADERS, RST_STREAM, GOAWAY, stream=None)
        except (Ended, OSError):
            return None
        return status(payload) if kind == HEADERS else None

    def goaway(self):
        """The code with which the server ends the connection; `None` if it ends without one."""
        code = None
        try:
            while True:
                kind, _, _, payload = self.read()
                if kind == GOAWAY:
                    code = int.from_bytes(payload[4:8], "big")
        except (Ended, ConnectionError):
            return code
        except socket.timeout:
            raise AssertionError("the server did not end the connection") from None

    def flood(self, data, seconds=10):
        """Sends `data` again and again until the server ends the connection; whether it has."""
        deadline = time.monotonic() + seconds
        while time.monotonic() < deadline:
            if not self.try_send(data):
                return True
        return False
