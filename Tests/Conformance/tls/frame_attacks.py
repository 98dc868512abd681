# SPDX-License-Identifier: Apache-2.0
# SPDX-FileCopyrightText: Hibiki contributors
"""Hostile frames of HTTP/2. Each ends its stream or its connection, and nobody else notices."""

from support.attack import MEGABYTE
from support.rawclient import Ended
from support.rows import rows
from tls.case import SecureAttack
from tls.frames import (
    ACK, COMPRESSION_ERROR, CONTINUATION, DATA, END_HEADERS, END_STREAM, ENHANCE_YOUR_CALM, FLOW_CONTROL_ERROR,
    FRAME_SIZE_ERROR, HEADERS, INITIAL_WINDOW_SIZE, PADDED, PING, PREFACE, PRIORITIZED, PROTOCOL_ERROR,
    PUSH_PROMISE, RST_STREAM, SETTINGS, WINDOW_UPDATE, block, frame, number, request, status,
)

WHOLE = END_HEADERS | END_STREAM
EVENTS = request("/v1/events?topic=public/a", extra=[("accept", "text/event-stream")])


class HeadAttacks(SecureAttack):
    @rows({
        "a path with CR LF and a field": ("/livez HTTP/1.1\r\nX-Smuggled: 1", ()),
        "a path with LF": ("/livez\n", ()),
        "a path with CR": ("/livez\r", ()),
        "a path with NUL": ("/livez\0", ()),
        "a path with a space": ("/livez a", ()),
        "an empty path": ("", ()),
        "a path that is none": ("livez", ()),
        "a value with CR LF and a field": ("/livez", [("x", "a\r\nx-smuggled: 1")]),
        "a value with NUL": ("/livez", [("x", "a\0b")]),
        "a name with a capital letter": ("/livez", [("X-A", "1")]),
        "a name with a line end": ("/livez", [("x\r\ny", "1")]),
        "a name with a space": ("/livez", [("x y", "1")]),
        "an empty name": ("/livez", [("", "1")]),
        "Transfer-Encoding": ("/livez", [("transfer-encoding", "chunked")]),
        "Connection": ("/livez", [("connection", "keep-alive")]),
        "a second path": ("/livez", [(":path", "/metrics")]),
        "an unknown pseudo field": ("/livez", [(":a", "1")]),
        "a pseudo field at the end": ("/livez", [("a", "b"), (":method", "GET")]),
        "another host": ("/livez", [("host", "evil")]),
        "two lengths": ("/livez", [("content-length", "1"), ("content-length", "2")]),
        "a length without a body": ("/livez", [("content-length", "5")]),
    })
    def head(self, path, extra):
        """A head that two readers could understand differently gets no answer but 400."""
        client = self.client()
        client.send(frame(HEADERS, WHOLE, 1, request(path, extra=extra)))
        self.assertIn(client.status_of(1), (None, 400))

    def test_other_streams(self):
        """a head that breaks the rules ends its stream, and the others of the connection go on"""
        client = self.client()
        client.send(frame(HEADERS, WHOLE, 1, EVENTS))
        client.until(HEADERS, stream=1)
        for number, path in enumerate(("/\r\nX: 1", "/\n", ""), 1):
            client.send(frame(HEADERS, WHOLE, 2 * number + 1, request(path)))
            client.until(RST_STREAM, stream=2 * number + 1)
        client.send(frame(HEADERS, WHOLE, 21, request()))
        self.assertEqual(status(client.until(HEADERS, stream=21)[3]), 204)

    @rows({
        "CONNECT": (":method", "CONNECT"),
        "a WebSocket for a path that has none": (":protocol", "websocket"),
        "an unknown tunnel": (":protocol", "connect-udp"),
    })
    def tunnel(self, name, value):
        """No tunnel is opened but a WebSocket where there is one."""
        fields = {":method": "CONNECT", ":path": "/livez", ":scheme": "https", ":authority": "localhost", name: value}
        client = self.client()
        client.send(frame(HEADERS, END_HEADERS, 1, block(fields.items())))
        self.assertNotEqual(client.status_of(1), 200)


class FrameAttacks(SecureAttack):
    @rows({
        "padding longer than the frame": (frame(HEADERS, WHOLE | PADDED, 1, b"\xff" + request()), (PROTOCOL_ERROR,)),
        "padding without a frame": (frame(HEADERS, WHOLE | PADDED, 1), (PROTOCOL_ERROR, FRAME_SIZE_ERROR)),
        "padding and a priority that does not fit": (
            frame(HEADERS, WHOLE | PADDED | PRIORITIZED, 1, b"\x01\x00\x00"), (PROTOCOL_ERROR, FRAME_SIZE_ERROR)),
        "a stream of the server": (frame(HEADERS, WHOLE, 2, request()), (PROTOCOL_ERROR,)),
        "a head for no stream": (frame(HEADERS, WHOLE, 0, request()), (PROTOCOL_ERROR,)),
        "data for no stream": (frame(DATA, END_STREAM, 0, b"a"), (PROTOCOL_ERROR,)),
        "data for a stream that is not there": (frame(DATA, END_STREAM, 1, b"a"), (PROTOCOL_ERROR,)),
        "a promise": (frame(PUSH_PROMISE, END_HEADERS, 1, b"\0\0\0\2" + request()), (PROTOCOL_ERROR,)),
        "CONTINUATION of nothing": (frame(CONTINUATION, END_HEADERS, 1, b""), (PROTOCOL_ERROR,)),
        "another frame in the middle of a head": (
            frame(HEADERS, END_STREAM, 1, request()) + frame(PING, payload=bytes(8)), (PROTOCOL_ERROR,)),
        "a frame that is too large": (frame(DATA, 0, 1, length=1 << 20), (FRAME_SIZE_ERROR,)),
        "settings that are no settings": (frame(SETTINGS, payload=b"abc"), (FRAME_SIZE_ERROR,)),
        "a window that is too large": (
            2 * frame(WINDOW_UPDATE, payload=(0x7FFFFFFF).to_bytes(4, "big")), (FLOW_CONTROL_ERROR,)),
        "a window of nothing": (frame(WINDOW_UPDATE, payload=bytes(4)), (PROTOCOL_ERROR,)),
        "fields that are no fields": (frame(HEADERS, WHOLE, 1, b"\xff\xff\xff\xff\xff\x7f"), (COMPRESSION_ERROR,)),
        "a field that is not in the table": (frame(HEADERS, WHOLE, 1, number(2_000, 7, 0x80)), (COMPRESSION_ERROR,)),
    })
    def broken(self, data, codes):
        """A frame that breaks the protocol ends the connection with the code for that."""
        client = self.client()
        client.try_send(data)
        self.assertIn(client.goaway(), codes)

    def test_no_preface(self):
        """a connection that begins otherwise is ended"""
        client = self.client(begins=False)
        client.try_send(b"GET / HTTP/1.1\r\nHost: localhost\r\n\r\n")
        client.goaway()

    def test_settings_missing(self):
        """a preface without settings is no beginning"""
        client = self.client(begins=False)
        client.try_send(PREFACE + frame(HEADERS, WHOLE, 1, request()))
        self.assertNotEqual(client.goaway(), 0)


class FloodAttacks(SecureAttack):
    flags = ("--head-timeout", "2")

    def end_of(self, client, data):
        self.assertTrue(client.flood(data), "the server took all of it")

    def test_rapid_reset(self):
        """streams that are reset as soon as they are opened end the connection (CVE-2023-44487)"""
        client = self.client(timeout=20)
        for stream in range(1, 2_001, 2):
            data = frame(HEADERS, WHOLE, stream, EVENTS) + frame(RST_STREAM, 0, stream, (8).to_bytes(4, "big"))
            if not client.try_send(data):
                break
        self.assertEqual(client.goaway(), ENHANCE_YOUR_CALM)

    @rows({
        "PING": frame(PING, payload=bytes(8)) * 100,
        "SETTINGS": frame(SETTINGS) * 100,
        "empty DATA": frame(DATA, 0, 1) * 100,
        "CONTINUATION": frame(CONTINUATION, 0, 1) * 100,
        "streams that break the rules": b"".join(
            frame(HEADERS, WHOLE, stream, request("/\n")) for stream in range(3, 1_001, 2)),
    })
    def flood(self, data):
        """A flood of frames that want answers, or nothing, ends the connection."""
        client = self.client()
        ends = 0 if data[3] == CONTINUATION else END_HEADERS
        client.send(frame(HEADERS, ends, 1, request("/v1/events", "POST")))
        self.end_of(client, data)

    def test_head_without_end(self):
        """a head that goes on and on in CONTINUATION frames ends the connection"""
        client = self.client()
        client.send(frame(HEADERS, END_STREAM, 1, request()))
        self.end_of(client, frame(CONTINUATION, 0, 1, block([("x", "a" * 16_000)])))

    def test_large_head(self):
        """a head that is larger than it may be has no answer but an error"""
        client = self.client()
        parts = request(extra=[(f"x-{n}", "a" * 4_000) for n in range(4)]), block([("y", "b" * 4_000)])
        client.try_send(frame(HEADERS, END_STREAM, 1, parts[0]) + frame(CONTINUATION, END_HEADERS, 1, parts[1]))
        self.assertIn(client.status_of(1), (None, 431))

    def test_many_fields(self):
        """a head with more fields than it may have is answered with 431"""
        client = self.client()
        client.send(frame(HEADERS, WHOLE, 1, request(extra=[(f"x-{n}", "") for n in range(150)])))
        self.assertEqual(client.status_of(1), 431)

    def test_small_fields_that_grow(self):
        """a large field that is named again and again from the table is bounded like one that is sent"""
        client = self.client()
        stored = b"\x40" + number(1, 7) + b"x" + number(3_500, 7) + b"a" * 3_500
        client.try_send(frame(HEADERS, WHOLE, 1, request() + stored + b"\xbe" * 5_000))
        self.assertIn(client.status_of(1), (None, 431))

    def test_many_streams(self):
        """a connection has so many streams at a time; a client that opens one more ends its connection"""
        client = self.client()
        client.send(b"".join(frame(HEADERS, WHOLE, stream, EVENTS) for stream in range(1, 201, 2)))
        for _ in range(100):
            client.until(HEADERS)
        client.send(frame(HEADERS, WHOLE, 201, EVENTS))
        self.assertEqual(client.goaway(), PROTOCOL_ERROR)

    def test_nothing_is_read(self):
        """answers that a client has no window for are bounded"""
        self.memory = 48 * MEGABYTE
        client = self.client(settings=INITIAL_WINDOW_SIZE.to_bytes(2, "big") + bytes(4))
        for stream in range(1, 201, 2):
            client.send(frame(HEADERS, WHOLE, stream, request("/")))
        for _ in range(100):
            client.until(HEADERS)

    def test_half_a_request(self):
        """a body that does not come is waited for as long as over HTTP/1.1"""
        client = self.client(timeout=10)
        fields = [("content-type", "application/json")]
        client.send(frame(HEADERS, END_HEADERS, 1, request("/v1/events", "POST", fields)) + frame(DATA, 0, 1, b"{"))
        self.assertEqual(client.status_of(1), 408)

    def test_acknowledgements(self):
        """acknowledgements of nothing are no way in either"""
        client = self.client()
        client.try_send(frame(SETTINGS, ACK) * 1_000)
        try:
            client.send(frame(HEADERS, WHOLE, 1, request()))
            self.assertIn(client.status_of(1), (204, None))
        except Ended:
            pass
