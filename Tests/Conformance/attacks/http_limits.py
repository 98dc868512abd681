# SPDX-License-Identifier: Apache-2.0
# SPDX-FileCopyrightText: Hibiki contributors
"""Heads and bodies that are too long, or never end."""

from __future__ import annotations

import json
import time

from attacks.case import AttackCase, rows
from attacks.raw_requests import CHUNKED, EVENT, READ, SIZED, posted, raw
from support.rawclient import Connection
from support.rawevents import poll, publication


class HeadLimits(AttackCase):
    @rows({
        "a target of 20 KB is refused": (raw(f"GET /{'a' * 20_000} HTTP/1.1"), {400, 414, 431}),
        "a query of 20 KB is refused": (raw(f"GET {READ}&x={'a' * 20_000} HTTP/1.1"), {400, 414, 431}),
        "a header of 20 KB is refused": (raw(f"GET {READ} HTTP/1.1", f"X-Long: {'a' * 20_000}"), {431}),
        "a header name of 20 KB is refused": (raw(f"GET {READ} HTTP/1.1", f"{'a' * 20_000}: a"), {400, 431}),
        "101 headers are refused": (raw(f"GET {READ} HTTP/1.1", *(f"X-{n}: a" for n in range(101))), {431}),
        "five thousand headers are refused":
            (raw(f"GET {READ} HTTP/1.1", *(f"a:{n % 10}" for n in range(5000))), {431}),
        "a method of 20 KB is refused": (raw(f"{'G' * 20_000} {READ} HTTP/1.1"), {400, 414, 431, 501}),
        "a head of headers that each stay below the limit is refused":
            (raw(f"GET {READ} HTTP/1.1", *(f"X-{n}: {'a' * 400}" for n in range(60))), {431}),
    })
    def too_long(self, data: bytes, allowed: set) -> None:
        self.assert_refused(data, allowed)

    def test_ninety_headers_of_a_hundred_bytes_are_taken(self):
        connection = self.connect()
        response = connection.request("GET", READ, [(f"X-{number}", "a" * 100) for number in range(90)])
        self.assertEqual(response.status, 200)

    def assert_refused_while_sending(self, begin: bytes, piece: bytes, allowed: set) -> None:
        """`piece` is sent without end. A server that still waits for the end of it would not answer; this one has to
        answer with one of `allowed` and to end the connection, though the client goes on."""
        connection = self.connect()
        connection.try_send(begin)
        for _ in range((2 << 20) // len(piece)):
            if not connection.try_send(piece):
                break
        self.assertIn(connection.read_response().status, allowed)
        deadline = time.monotonic() + 6
        while connection.try_send(piece):
            self.assertLess(time.monotonic(), deadline, "the connection was not ended while the client went on sending")
            time.sleep(0.05)

    @rows({
        "a header that never ends is refused": (b"X-Endless: ", b"a" * 4096),
        "headers that never end are refused": (b"", b"X-One-More: a\r\n" * 300),
        "a header name that never ends is refused": (b"", b"a" * 4096),
    })
    def endless(self, begin: bytes, piece: bytes) -> None:
        head = f"GET {READ} HTTP/1.1\r\nHost: a\r\n".encode()
        self.assert_refused_while_sending(head + begin, piece, {431})

    @rows({
        "a target that never ends is refused": b"GET /",
        "a method that never ends is refused": b"",
    })
    def endless_line(self, begin: bytes) -> None:
        self.assert_refused_while_sending(begin, b"a" * 4096, {400, 414, 431})

    def test_trailers_that_never_end_are_refused(self):
        begin = posted("Transfer-Encoding: chunked", body=CHUNKED[:-2])
        self.assert_refused_while_sending(begin, b"X-Trailer: a\r\n" * 300, {400, 413, 431})

    def test_a_chunk_extension_that_never_ends_is_refused(self):
        begin = posted("Transfer-Encoding: chunked", body=b"5;a=")
        self.assert_refused_while_sending(begin, b"a" * 4096, {400, 413, 431})

    def test_chunks_that_never_end_are_refused(self):
        begin = posted("Transfer-Encoding: chunked")
        self.assert_refused_while_sending(begin, b"1000\r\n" + b" " * 4096 + b"\r\n", {413})

    def test_empty_lines_before_a_request_that_never_end_harm_nobody(self):
        connection = self.connect()
        for _ in range(500):
            connection.try_send(b"\r\n" * 1000)
        self.assert_neighbour_served()


class BodyLimits(AttackCase):
    def test_a_length_above_the_limit_is_refused_before_the_body_comes(self):
        connection = self.connect()
        connection.send(posted("Content-Length: 2000000"))
        response = connection.read_response()
        self.assertEqual((response.status, response.error_code()), (413, "too_large"))
        self.assertTrue(connection.ends_within(3))

    @rows({f"a length of {length} is refused at once": length for length in (1 << 31, 1 << 32, (1 << 63) - 1, 1 << 63)})
    def huge(self, length: int) -> None:
        self.assert_refused(posted(f"Content-Length: {length}"), {400, 413})

    @rows({
        f"a chunk that announces {size} bytes is refused when the limit is crossed": size
        for size in ("7fffffff", "ffffffff", "7fffffffffffffff", "ffffffffffffffff")
    })
    def huge_chunk(self, size: str) -> None:
        body = size.encode() + b"\r\n" + b" " * 1_100_000
        self.assert_refused(posted("Transfer-Encoding: chunked", body=body), {400, 413})

    def test_a_body_in_many_small_pieces_costs_what_its_bytes_cost(self):
        """What is collected must not be copied again for every piece that comes."""
        body = [publication("public/pieces", "x" * 50_000)] * 20
        for framing in ("length", "chunks"):
            connection = self.connect(timeout=20)
            used = self.server.cpu()
            for piece in self.pieces(framing, json.dumps(body).encode()):
                connection.send(piece)
            self.assertEqual(connection.read_response().status, 200)
            self.assertLess(self.server.cpu() - used, 0.6, f"processor seconds for a megabyte by {framing}")

    @staticmethod
    def pieces(framing: str, body: bytes) -> list:
        parts = [body[start:start + 100] for start in range(0, len(body), 100)]
        if framing == "length":
            return [posted(f"Content-Length: {len(body)}"), *parts]
        chunks = [b"%x\r\n%s\r\n" % (len(part), part) for part in parts]
        return [posted("Transfer-Encoding: chunked"), *chunks, b"0\r\n\r\n"]

    def test_a_body_cut_short_publishes_nothing(self):
        for cut in (1, len(EVENT) // 2, len(EVENT) - 1):
            with Connection(self.port) as connection:
                connection.send(posted(SIZED, body=EVENT.replace(b"attacked", b"cutshort")[:cut]))
                connection.finish_sending()
                connection.ends_within(3)
        with Connection(self.port) as connection:
            self.assertEqual(poll(connection, ["public/cutshort"]).json()["events"], [])
