# SPDX-License-Identifier: Apache-2.0
# SPDX-FileCopyrightText: Hibiki contributors
"""Polling bodies that are too long, hold too many packets, or lie about what they hold."""

from __future__ import annotations

import threading

from socketio_attacks.case import MEGABYTE, TargetAttack, rows
from support.protocol3 import decode_text
from support.rawclient import Connection, Ended, request_bytes
from support.rawengine import ENGINE, SOCKETS, read_handshake, target

SEPARATOR = b"\x1e"

FLOODS = {
    "a megabyte of separators": SEPARATOR * 999_999,
    "three hundred thousand pongs": SEPARATOR.join([b"3"] * 300_000),
    "a hundred thousand noops": SEPARATOR.join([b"6"] * 100_000),
    "three hundred thousand empty messages": SEPARATOR.join([b"4"] * 300_000),
    "three hundred thousand empty binary messages": SEPARATOR.join([b"b"] * 300_000),
    "three hundred thousand upgrades": SEPARATOR.join([b"5"] * 300_000),
}

BAD_BASE64 = {
    "base64 with wrong letters": b"b!!!!",
    "base64 that is cut short": b"bAAAAA",
    "base64 with padding in the middle": b"bAA==AAAA",
    "base64 with line breaks": b"bAAAA\r\nAAAA",
    "a megabyte of wrong base64": b"b" + b"*" * 999_998,
    "base64 that is not UTF-8": b"b\xff\xff\xff\xff",
}

# Bodies of protocol 3 that end the session.
LIES = {
    "digits without an end": b"9" * 100_000,
    "a length without a separator": b"6",
    "a length past the end": b"100:4x",
    "a length just past the end": b"3:4x",
    "a length in bytes": "3:4é".encode(),
    "a length that splits an emoji": "2:4😀".encode(),
    "a length below zero": b"-1:4x",
    "a length of zero": b"0:",
    "zeros without end": b"0:" * 100_000,
    "a length beyond 64 bits": b"99999999999999999999:4x",
    "a length at the edge of 64 bits": b"9223372036854775807:4x",
    "a length with a sign": b"+2:4x",
    "a length with a space": b" 2:4x",
    "a length in other digits": "٢:4x".encode(),
    "base64 that is none": b"6:b4!!!!",
    "a base64 packet without a type": b"1:b",
    "bytes that are not UTF-8": b"3:4\xff\xfe",
    "a flood of pings": b"1:2" * 300_000,
}

BINARY_LIES = {
    "a binary header without an end": bytes([1, 5]),
    "a binary header of digits alone": bytes([1]) + b"\x09" * 100_000,
    "a binary length past the end": bytes([1, 9, 255, 4]),
    "a binary length beyond 64 bits": bytes([1] + [9] * 20 + [255, 4]),
    "a binary length of 310 digits": bytes([1] + [9] * 310 + [255, 4]),
    "a binary length with a digit that is none": bytes([1, 42, 255, 4]),
    "a binary packet of no bytes": bytes([1, 0, 255]),
    "a binary packet of an unknown kind": bytes([7, 1, 255, 4]),
    "a text packet of no type": bytes([0, 0, 255]),
}


class EngineBodies(TargetAttack):
    memory = 48 * MEGABYTE

    def assert_stopped(self, response_of, session) -> None:
        """The body is refused, by an answer or by the end of its connection, and the session is over."""
        try:
            response = response_of()
            self.assertEqual(response.status, 400, response.body[:200])
        except Ended:
            pass
        self.assert_forgotten(session)

    def test_a_hundred_megabytes_are_answered_413_before_they_are_sent(self):
        session = self.polling()
        connection = self.connect()
        headers = (("Content-Length", str(100 * MEGABYTE)),)
        connection.send(request_bytes("POST", session.target(), connection.host, headers) + b"4")
        block = b"x" * 65536
        sender = threading.Thread(target=lambda: all(connection.try_send(block) for _ in range(1600)), daemon=True)
        sender.start()
        try:
            self.assertEqual(connection.read_response().status, 413)
        except Ended:
            pass    # a reset may overtake the answer
        connection.close()
        sender.join(5)
        self.assert_echoes(session)

    def test_a_chunked_body_without_end_is_answered_413(self):
        session = self.polling()
        connection = self.connect()
        headers = (("Transfer-Encoding", "chunked"),)
        connection.send(request_bytes("POST", session.target(), connection.host, headers))
        chunk = b"10000\r\n" + b"4" * 65536 + b"\r\n"
        sent = 0
        while sent < 1000 and connection.try_send(chunk):
            sent += 1
            if sent == 20:
                break       # 1.3 MB: more than the limit
        try:
            self.assertEqual(connection.read_response().status, 413)
        except Ended:
            pass
        self.assert_echoes(session)

    @rows({f"{name} in one body end the session": body for name, body in FLOODS.items()})
    def flood(self, body):
        session = self.polling()
        busy = threading.Thread(target=self.assert_neighbour_served)
        busy.start()
        self.assert_stopped(lambda: session.request("POST", body), session)
        busy.join()

    @rows({f"{name} in one frame are one message": body for name, body in FLOODS.items()})
    def flood_over_websocket(self, body):
        opened = self.websocket()
        opened.send("4" + body.decode())
        self.assertEqual(opened.receive(), "4" + body.decode())

    @rows({f"{name} ends the session": body for name, body in BAD_BASE64.items()})
    def bad_base64(self, body):
        session = self.polling()
        self.assert_stopped(lambda: session.request("POST", body), session)

    def test_forms_that_lie_break_nothing(self):
        for form in (b"", b"d", b"d=", b"d=%", b"d=%4", b"d=%zz", b"d=%ff%fe", b"x=1", b"d=4a&d=4b", b"&" * 100_000):
            session = self.polling()
            headers = (("Content-Type", "application/x-www-form-urlencoded"),)
            try:
                self.assertIn(session.request("POST", form, headers, j="0").status, (200, 400))
            except Ended:
                pass


class BodiesOfProtocol3(TargetAttack):
    flags = ("--allow-eio3",)
    memory = 48 * MEGABYTE

    def session(self, path: str = ENGINE) -> str:
        with Connection(self.port) as connection:
            body = connection.request("GET", target(path, eio="3", b64="1")).body
        return read_handshake(decode_text(body)[0])["sid"]

    def assert_stopped(self, body: bytes, *headers) -> None:
        sid = self.session()
        address = target(ENGINE, sid=sid, eio="3", b64="1")
        try:
            response = self.connect().request("POST", address, headers, body)
            self.assertEqual(response.status, 400, response.body[:200])
        except Ended:
            pass
        response = self.connect().request("GET", address)
        self.assertEqual((response.status, response.json()["code"]), (400, 1))

    @rows({f"{name} ends the session": body for name, body in LIES.items()})
    def lie(self, body):
        self.assert_stopped(body)

    @rows({f"{name} ends the session": body for name, body in BINARY_LIES.items()})
    def binary_lie(self, body):
        self.assert_stopped(body, ("Content-Type", "application/octet-stream"))

    @rows({"an accent counts one": "2:4é", "an emoji counts two": "3:4😀", "a flag counts four": "5:4🇫🇷"})
    def units(self, body):
        sid = self.session()
        address = target(ENGINE, sid=sid, eio="3", b64="1")
        self.assertEqual(self.connect().request("POST", address, (), body.encode()).body, b"ok")
        self.assertEqual(self.connect().request("GET", address).body.decode(), body)

    def test_a_binary_frame_without_a_type_closes(self):
        for payload in (b"", b"\x09\x01"):
            opened = self.websocket(eio="3")
            opened.send(payload)
            self.assert_ended(opened)


class BodiesWithoutProtocol3(TargetAttack):
    def test_protocol_3_is_refused_where_it_is_not_allowed(self):
        for path in (ENGINE, SOCKETS):
            response = self.connect().request("GET", target(path, eio="3", b64="1"))
            self.assertEqual((response.status, response.json()["code"]), (400, 5))
