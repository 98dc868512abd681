# SPDX-License-Identifier: Apache-2.0
# SPDX-FileCopyrightText: Hibiki contributors
"""Requests that two readers would cut differently: one of them must not see a second request in the first."""

from __future__ import annotations

from attacks.case import AttackCase, rows
from attacks.raw_requests import CHUNKED, EVENT, READ, SIZED, posted, raw
from support.rawclient import statuses
from support.rawevents import target

SMUGGLED = b"GET " + target(["public/smuggled"]).encode() + b" HTTP/1.1\r\nHost: smuggled\r\nConnection: close\r\n\r\n"

# Each is followed by a second request, which must never be answered.
SMUGGLING = {
    "Transfer-Encoding beside Content-Length": posted("Content-Length: 5", "Transfer-Encoding: chunked", body=CHUNKED),
    "Content-Length beside Transfer-Encoding": posted("Transfer-Encoding: chunked", SIZED, body=CHUNKED),
    "Transfer-Encoding: chunked, x": posted("Transfer-Encoding: chunked, x", body=CHUNKED),
    "Transfer-Encoding: xchunked": posted("Transfer-Encoding: xchunked", body=CHUNKED),
    "Transfer-Encoding: x, chunked": posted("Transfer-Encoding: x, chunked", body=CHUNKED),
    "Transfer-Encoding: chunked, chunked": posted("Transfer-Encoding: chunked, chunked", body=CHUNKED),
    "Transfer-Encoding: identity with a length": posted("Transfer-Encoding: identity", SIZED, body=EVENT),
    "Transfer-Encoding twice": posted("Transfer-Encoding: chunked", "Transfer-Encoding: identity", body=CHUNKED),
    "Transfer-Encoding with a vertical tab": posted("Transfer-Encoding:\x0bchunked", SIZED, body=EVENT),
    "Transfer-Encoding with a space before the colon": posted("Transfer-Encoding : chunked", SIZED, body=EVENT),
    "Transfer-Encoding in quotes": posted('Transfer-Encoding: "chunked"', SIZED, body=EVENT),
    "Transfer-Encoding in HTTP/1.0":
        raw("POST /v1/events HTTP/1.0", "Transfer-Encoding: chunked", "Connection: keep-alive", body=CHUNKED),
    "two different lengths": posted(SIZED, "Content-Length: 0", body=EVENT),
    "two lengths in one header": posted(f"{SIZED}, 0", body=EVENT),
    "a length with a plus": posted(f"Content-Length: +{len(EVENT)}", body=EVENT),
    "a negative length": posted("Content-Length: -1", body=EVENT),
    "a hexadecimal length": posted("Content-Length: 0x10", body=EVENT),
    "a length with a space in it": posted("Content-Length: 3 9", body=EVENT),
    "an empty length": posted("Content-Length:", body=EVENT),
    "a length of 2^64 + 39": posted(f"Content-Length: {(1 << 64) + len(EVENT)}", body=EVENT),
    "a length of thirty digits": posted("Content-Length: " + "9" * 30, body=EVENT),
    "a chunk size that is no number": posted("Transfer-Encoding: chunked", body=b"zz\r\n\r\n0\r\n\r\n"),
    "a chunk size with a sign": posted("Transfer-Encoding: chunked", body=b"-1\r\n\r\n0\r\n\r\n"),
    "a chunk size with 0x": posted("Transfer-Encoding: chunked", body=b"0x27\r\n" + EVENT + b"\r\n0\r\n\r\n"),
    "an empty chunk size": posted("Transfer-Encoding: chunked", body=b"\r\n" + EVENT + b"\r\n0\r\n\r\n"),
    "a chunk size of 2^64 + 39":
        posted("Transfer-Encoding: chunked", body=b"10000000000000027\r\n" + EVENT + b"\r\n0\r\n\r\n"),
    "a chunk longer than it says": posted("Transfer-Encoding: chunked", body=b"5\r\n" + EVENT + b"\r\n0\r\n\r\n"),
    "a chunk size that ends with LF alone":
        posted("Transfer-Encoding: chunked", body=b"27\n" + EVENT + b"\r\n0\r\n\r\n"),
}

MALFORMED = {
    "no Host": raw(f"GET {READ} HTTP/1.1", host=False),
    "two Hosts": raw(f"GET {READ} HTTP/1.1", "Host: other"),
    "two equal Hosts": raw(f"GET {READ} HTTP/1.1", "Host: localhost"),
    "a space before the colon": raw(f"GET {READ} HTTP/1.1", "X-Odd : a"),
    "a space before the first header name": raw(f"GET {READ} HTTP/1.1", " X-Odd: a", host=False),
    "NUL in a header value": raw(f"GET {READ} HTTP/1.1", "X-Odd: a\x00b"),
    "NUL in a header name": raw(f"GET {READ} HTTP/1.1", "X-O\x00dd: a"),
    "a carriage return in a header value": raw(f"GET {READ} HTTP/1.1", "X-Odd: a\rX-Evil: b"),
    "a header without a colon": raw(f"GET {READ} HTTP/1.1", "X-Odd"),
    "a header without a name": raw(f"GET {READ} HTTP/1.1", ": a"),
    "a header name in quotes": raw(f"GET {READ} HTTP/1.1", '"X-Odd": a'),
    "no version": f"GET {READ}\r\n\r\n".encode(),
    "a version of another protocol": raw(f"GET {READ} HTTQ/1.1"),
    "a target with a space in it": raw("GET /v1/events?topic=public/a b HTTP/1.1"),
    "NUL in the target": raw("GET /v1/events?topic=public/\x00 HTTP/1.1"),
    "no target": raw("GET HTTP/1.1"),
    "TLS on a plain port": bytes.fromhex("16030100050100000103030d0a0d0a"),
    "random text": b"\x00\x01\x02\x03 hello\r\n\r\n",
}


class SmugglingAttacks(AttackCase):
    @rows({f"{what} is refused, and the connection ends": data for what, data in SMUGGLING.items()})
    def smuggling(self, data: bytes) -> None:
        self.assert_refused(data + SMUGGLED, {400, 411, 413, 501})

    @rows({
        "a folded Transfer-Encoding": posted("Transfer-Encoding:\r\n chunked", body=CHUNKED),
        "a folded Content-Length": posted(f"Content-Length: {len(EVENT)}\r\n\t1", body=EVENT),
        "a Transfer-Encoding after a bare LF": posted(f"X-Odd: a\nTransfer-Encoding: chunked\r\n{SIZED}", body=CHUNKED),
        "two equal lengths": posted(SIZED, SIZED, body=EVENT),
    })
    def never_two(self, data: bytes) -> None:
        """Each may be refused or understood; the server must not see a request inside the body."""
        connection = self.connect()
        connection.try_send(data + SMUGGLED)
        got = statuses(connection.take_rest())
        self.assertTrue(got in ([400], [501], [200, 200]), got)

    def test_a_get_with_a_body_does_not_hide_a_request(self):
        hidden = SMUGGLED
        connection = self.connect()
        connection.send(raw(f"GET {READ} HTTP/1.1", f"Content-Length: {len(hidden)}", "Connection: close", body=hidden))
        self.assertEqual(len(statuses(connection.take_rest())), 1)

    @rows({f"{what} is answered with 400, and the connection ends": data for what, data in MALFORMED.items()})
    def malformed(self, data: bytes) -> None:
        self.assert_refused(data, {400})

    @rows({
        "a folded header is refused or read as one line":
            raw(f"GET {READ} HTTP/1.1", "X-Odd: a\r\n b", "Connection: close"),
        "bare line feeds are refused or taken for line ends":
            raw(f"GET {READ} HTTP/1.1", "X-Odd: a", "Connection: close").replace(b"\r\n", b"\n"),
        "empty lines before the request are refused or skipped":
            b"\r\n\r\n" + raw(f"GET {READ} HTTP/1.1", "Connection: close"),
        "a version of HTTP/1.2 is refused or answered as 1.1": raw(f"GET {READ} HTTP/1.2", "Connection: close"),
    })
    def lenient(self, data: bytes) -> None:
        self.assert_refused(data, {200, 400, 505})

    def test_http_2_0_in_the_request_line_is_refused(self):
        self.assert_refused(raw(f"GET {READ} HTTP/2.0"), {400, 505})
