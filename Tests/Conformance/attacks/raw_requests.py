# SPDX-License-Identifier: Apache-2.0
# SPDX-FileCopyrightText: Hibiki contributors
"""Requests to write by hand: any line may be wrong."""

from __future__ import annotations

from attacks.case import TOPIC
from support.rawevents import target

READ = target([TOPIC])
EVENT = b'{"topic":"public/attacked","payload":1}'


def raw(start: str, *headers: str, host: bool = True, body: bytes = b"") -> bytes:
    lines = [start, *(["Host: localhost"] if host else []), *headers]
    return "\r\n".join(lines).encode("latin-1") + b"\r\n\r\n" + body


def posted(*headers: str, body: bytes = b"") -> bytes:
    return raw("POST /v1/events HTTP/1.1", "Content-Type: application/json", *headers, body=body)


CHUNKED = b"%x\r\n%s\r\n0\r\n\r\n" % (len(EVENT), EVENT)
SIZED = f"Content-Length: {len(EVENT)}"
