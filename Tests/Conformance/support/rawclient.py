# SPDX-License-Identifier: Apache-2.0
# SPDX-FileCopyrightText: Hibiki contributors
"""A raw HTTP/1.1 client: it sends the bytes that a test gives it, right or wrong, and reads answers strictly."""

from __future__ import annotations

import json
import socket
import struct
import time
from dataclasses import dataclass, field
from typing import Iterable, List, Optional, Tuple

Headers = Iterable[Tuple[str, str]]


class Ended(Exception):
    """The peer ended the connection (end of stream or reset) before what was waited for had arrived."""


class Malformed(AssertionError):
    """The peer sent bytes that its protocol does not allow: always a fault of the server under test."""


@dataclass
class Response:
    version: str
    status: int
    headers: List[Tuple[str, str]] = field(default_factory=list)
    body: bytes = b""

    def header(self, name: str) -> Optional[str]:
        """The value of a header that stands there at most once; `None` if it does not."""
        values = self.values(name)
        if len(values) > 1:
            raise Malformed(f"{name} stands {len(values)} times in the answer")
        return values[0] if values else None

    def values(self, name: str) -> List[str]:
        return [value for key, value in self.headers if key == name.lower()]

    def json(self):
        return json.loads(self.body)

    def error_code(self) -> Optional[str]:
        """The stable code of an error answer; `None` if the body is not one."""
        try:
            return self.json()["error"]["code"]
        except (ValueError, KeyError, TypeError):
            return None


def request_bytes(method: str, target: str, host: str, headers: Headers = (), body: Optional[bytes] = None) -> bytes:
    """A well-formed request. `Content-Length` is added when there is a body and no header that frames it."""
    lines = [f"{method} {target} HTTP/1.1", f"Host: {host}"]
    lines += [f"{name}: {value}" for name, value in headers]
    names = {name.lower() for name, _ in headers}
    if body is not None and not names & {"content-length", "transfer-encoding"}:
        lines.append(f"Content-Length: {len(body)}")
    return "\r\n".join(lines).encode("latin-1") + b"\r\n\r\n" + (body or b"")


class Connection:
    """One TCP connection. Reads time out after `timeout` seconds with `socket.timeout`.

    `slow` makes the kernel's buffers as small as it allows, so that a reader that stops is felt by the server soon.
    `source` is the local address; on Linux all of 127.0.0.0/8 may stand there. `piece` is how many bytes a read takes
    at most: with few, a connection that is closed early is cut in the middle of what the peer has sent.
    """

    def __init__(
        self, port: int, *, timeout: float = 5.0, slow: bool = False, source: Optional[str] = None, piece: int = 65536
    ):
        self.port = port
        self.piece = piece
        self.host = f"127.0.0.1:{port}"
        self.buffer = bytearray()
        self.socket = socket.socket(socket.AF_INET, socket.SOCK_STREAM)
        try:
            if slow:
                self.socket.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
                self.socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_MAXSEG, 536)
            if source is not None:
                self.socket.bind((source, 0))
            self.socket.settimeout(timeout)
            self.socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            self.socket.connect(("127.0.0.1", port))
        except BaseException:
            self.socket.close()
            raise

    def __enter__(self) -> "Connection":
        return self

    def __exit__(self, *_) -> None:
        self.close()

    # Ending

    def close(self) -> None:
        self.socket.close()

    def reset(self) -> None:
        """Ends the connection with RST: what the peer has not read yet is lost, as when a cable is cut."""
        try:
            self.socket.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        except OSError:
            pass
        self.socket.close()

    def finish_sending(self) -> None:
        try:
            self.socket.shutdown(socket.SHUT_WR)
        except OSError:
            pass

    def ends_within(self, seconds: float) -> bool:
        """Whether the peer ends the connection in time; what it still sends before that is dropped."""
        deadline = time.monotonic() + seconds
        while True:
            left = deadline - time.monotonic()
            if left <= 0:
                return False
            self.socket.settimeout(left)
            try:
                if not self.socket.recv(65536):
                    return True
            except socket.timeout:
                return False
            except OSError:
                return True

    # Bytes

    def send(self, data: bytes) -> None:
        """Sends all of `data`; throws `Ended` if the peer is gone."""
        try:
            self.socket.sendall(data)
        except ConnectionError as error:
            raise Ended(str(error)) from error

    def try_send(self, data: bytes) -> bool:
        """Like `send`, for attacks that the peer may cut short: `False` if it has."""
        try:
            self.send(data)
        except (Ended, OSError):     # OSError: out of time, or closed here by another thread
            return False
        return True

    def fill(self) -> None:
        """Waits for more bytes."""
        try:
            data = self.socket.recv(self.piece)
        except ConnectionError as error:
            raise Ended(str(error)) from error
        if not data:
            raise Ended("end of stream")
        self.buffer += data

    def take(self, count: int) -> bytes:
        while len(self.buffer) < count:
            self.fill()
        taken = bytes(self.buffer[:count])
        del self.buffer[:count]
        return taken

    def take_line(self, limit: int = 65536) -> bytes:
        """The next line without its end, which must be CRLF."""
        searched = 0
        while True:
            end = self.buffer.find(b"\r\n", searched)
            if end >= 0:
                return self.take(end + 2)[:-2]
            if len(self.buffer) > limit:
                raise Malformed(f"a line of more than {limit} bytes")
            searched = max(0, len(self.buffer) - 1)
            self.fill()

    def take_rest(self) -> bytes:
        """Everything until the peer ends the connection."""
        try:
            while True:
                self.fill()
        except Ended:
            rest = bytes(self.buffer)
            self.buffer.clear()
            return rest

    # HTTP

    def request(self, method: str, target: str, headers: Headers = (), body: Optional[bytes] = None) -> Response:
        self.send(request_bytes(method, target, self.host, headers, body))
        return self.read_response(method)

    def read_head(self) -> Response:
        start = self.take_line().decode("latin-1")
        parts = start.split(" ", 2)
        known = parts[0] in ("HTTP/1.1", "HTTP/1.0")
        if not known or len(parts) < 2 or len(parts[1]) != 3 or not parts[1].isdigit():
            raise Malformed(f"not a status line: {start[:80]!r}")
        response = Response(parts[0], int(parts[1]))
        while True:
            line = self.take_line().decode("latin-1")
            if not line:
                return response
            name, colon, value = line.partition(":")
            if not colon or not name or name != name.strip() or any(byte in value for byte in "\r\n\0"):
                raise Malformed(f"not a header: {line[:80]!r}")
            response.headers.append((name.lower(), value.strip(" \t")))

    def read_response(self, method: str = "GET", *, interim: bool = False) -> Response:
        """The next answer with its body. Interim answers (1xx, but 101) are skipped unless `interim`."""
        response = self.read_head()
        while 100 <= response.status < 200 and response.status != 101:
            if interim:
                return response
            response = self.read_head()
        if method == "HEAD" or response.status in (101, 204, 304):
            return response
        response.body = self.read_body(response)
        return response

    def read_body(self, response: Response) -> bytes:
        length = response.header("content-length")
        if (response.header("transfer-encoding") or "").lower() == "chunked":
            if length is not None:
                raise Malformed("Content-Length beside Transfer-Encoding")
            body = bytearray()
            while True:
                chunk = self.read_chunk()
                if not chunk:
                    return bytes(body)
                body += chunk
        if length is None:
            return self.take_rest()
        return self.take(int(length))

    def read_chunk(self) -> bytes:
        """The next chunk of a chunked body; empty at its end."""
        line = self.take_line().decode("latin-1").split(";")[0].strip()
        try:
            size = int(line, 16)
        except ValueError:
            raise Malformed(f"not a chunk size: {line[:40]!r}") from None
        if size == 0:
            while self.take_line():
                pass
            return b""
        chunk = self.take(size)
        if self.take(2) != b"\r\n":
            raise Malformed("a chunk without its line end")
        return chunk


def statuses(data: bytes) -> List[int]:
    """The statuses of all answers in `data`, to see that one request never got two."""
    return [int(part[:3]) for part in data.split(b"HTTP/1.1 ")[1:] + data.split(b"HTTP/1.0 ")[1:] if part[:3].isdigit()]
