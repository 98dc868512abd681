# SPDX-License-Identifier: Apache-2.0
# SPDX-FileCopyrightText: Hibiki contributors
"""Engine.IO 3 and Socket.IO 2 clients, where they are allowed: their payloads, their pings, their bare `40`."""

from __future__ import annotations

import json
import time

from socketio_wire.case import QUICK, WireCase
from support.protocol3 import decode_binary, decode_text, encode_binary, encode_text
from support.rawclient import Connection, Ended, Response
from support.rawengine import ENGINE, SOCKETS, EngineSocket, read_handshake, target
from support.rows import rows
from support.server import eventually

BINARY = (("Content-Type", "application/octet-stream"),)


class OldPolling:
    """A session over long polling; with `b64` its answers are text even where there is binary in them."""

    def __init__(self, port: int, path: str, b64: bool = True):
        self.port = port
        self.path = path
        self.more = {"b64": "1"} if b64 else {}
        with Connection(port) as connection:
            self.response = connection.request("GET", target(path, eio="3", **self.more))
        self.first = self.packets(self.response)
        self.handshake = read_handshake(self.first[0])
        self.sid = self.handshake["sid"]

    @staticmethod
    def packets(response: Response) -> list:
        if response.status != 200:
            raise Ended(f"{response.status} {response.body[:200]!r}")
        binary = response.header("content-type") == "application/octet-stream"
        return decode_binary(response.body) if binary else decode_text(response.body)

    def request(self, method: str, body=None, headers=()) -> Response:
        with Connection(self.port) as connection:
            address = target(self.path, sid=self.sid, eio="3", **self.more)
            return connection.request(method, address, headers, body)

    def post(self, body: bytes, headers=()) -> Response:
        return self.request("POST", body, headers)

    def poll(self) -> list:
        return self.packets(self.request("GET"))


ROUND_TRIPS = {
    "one packet comes back": "6:4hello",
    "several packets come back": "6:4test16:4test26:4test3",
    "a length counts UTF-16 units": "2:4é",
    "an emoji counts two": "3:4😀6:4after",
    "a colon in a packet is no header": "5:41:4x",
    "binary in base64 comes back": "6:4hello10:b4AQIDBA==",
}

BROKEN = {
    "no header ends the session": "abc",
    "a length that is no number ends the session": "x:4a",
    "a length past the end ends the session": "9:4hello",
    "a negative length ends the session": "-1:4a",
    "a length of 30 digits ends the session": "9" * 30 + ":4a",
    "a length without a packet ends the session": "4:",
    "digits without a colon end the session": "66666",
    "a length in bytes where units count ends the session": "3:4é",
    "an unknown type ends the session": "3:abc",
}


class Protocol3(WireCase):
    flags = ("--allow-eio3",)

    def old(self, path: str = ENGINE, **options) -> OldPolling:
        return OldPolling(self.port, path, **options)

    def test_the_handshake_is_a_payload_with_its_length(self):
        session = self.old()
        self.assertEqual(session.first, [f"0{json.dumps(session.handshake, separators=(',', ':'))}"])
        self.assertEqual(session.handshake["upgrades"], ["websocket"])
        self.assertEqual((session.handshake["pingInterval"], session.handshake["pingTimeout"]), (25000, 20000))

    def test_a_missing_version_means_protocol_3(self):
        with Connection(self.port) as connection:
            response = connection.request("GET", target(ENGINE, eio=None, b64="1"))
        self.assertEqual(response.status, 200)
        read_handshake(decode_text(response.body)[0])

    def test_protocol_4_is_served_beside_it(self):
        self.assert_echoes(self.polling())
        self.assert_echoes(self.websocket())

    @rows(ROUND_TRIPS)
    def come_back(self, body):
        session = self.old()
        posted = session.post(body.encode())
        self.assertEqual((posted.status, posted.body), (200, b"ok"))
        answer = session.request("GET")
        self.assertEqual(answer.body.decode(), body)
        self.assertEqual(answer.header("content-type"), "text/plain; charset=UTF-8")

    def test_binary_answers_have_a_header_a_packet(self):
        session = self.old(b64=False)
        self.assertEqual(session.post(encode_text("4hello", "b4AQIDBA==")).body, b"ok")
        answer = session.request("GET")
        self.assertEqual(answer.header("content-type"), "application/octet-stream")
        self.assertEqual(answer.body, bytes([0, 6, 255]) + b"4hello" + bytes([1, 5, 255, 4, 1, 2, 3, 4]))

    def test_binary_posts_are_read(self):
        session = self.old(b64=False)
        body = encode_binary("4hello", b"\x04\x01\x02", "4é😀")
        self.assertEqual(session.post(body, BINARY).body, b"ok")
        self.assertEqual(session.poll(), ["4hello", b"\x04\x01\x02", "4é😀"])

    @rows(BROKEN)
    def breaks(self, body):
        session = self.old()
        try:
            self.assertEqual(session.post(body.encode()).status, 400)
        except Ended:
            pass    # the original ends the connection instead
        self.assert_refused(session.request("GET"), 1)

    def test_the_client_pings_and_the_server_answers(self):
        session = self.old()
        for _ in range(3):
            session.post(b"1:2")
            self.assertEqual(session.poll(), ["3"])
        opened = self.websocket(eio="3")
        for _ in range(3):
            opened.send("2")
            self.assertEqual(opened.packet(), "3")

    def test_a_pong_of_the_client_closes(self):
        opened = self.websocket(eio="3")
        opened.send("3")
        self.assert_closes(opened)

    def test_binary_frames_begin_with_their_type(self):
        opened = self.websocket(eio="3")
        opened.send(b"\x04\x01\x02\x03", "4text")
        self.assertEqual([opened.packet(), opened.packet()], [b"\x04\x01\x02\x03", "4text"])

    def test_a_session_moves_to_websocket(self):
        session = self.old()
        opened = self.opened(EngineSocket.connect(self.port, sid=session.sid, eio="3"))
        opened.send("2probe")
        self.assertEqual(opened.packet(), "3probe")
        self.assertEqual(session.poll(), ["6"])
        opened.send("5", "4hello")
        self.assertEqual(opened.packet(), "4hello")

    def test_a_goodbye_ends_the_hanging_poll_with_a_noop(self):
        session = self.old()
        session.post(b"1:1")
        self.assert_refused(session.request("GET"), 1)


class SocketIO2(WireCase):
    flags = ("--allow-eio3",)

    def joined(self) -> EngineSocket:
        opened = self.websocket(SOCKETS, eio="3")
        self.assertEqual(opened.packet(), "40")
        self.assertEqual(opened.packet(), '42["auth",{}]')
        return opened

    def test_the_server_joins_the_main_namespace_by_itself(self):
        self.joined()

    def test_the_bare_connect_comes_over_polling_too(self):
        session = OldPolling(self.port, SOCKETS)
        packets = session.first[1:]
        eventually(lambda: len(packets) > 1 or packets.extend(session.poll()), what="the greeting")
        self.assertEqual(packets[0], "40")
        session.post(encode_text('42["message","é"]'))
        self.assertEqual(session.poll(), ['42["message-back","é"]'])

    def test_events_and_acks_are_as_in_later_protocols(self):
        opened = self.joined()
        opened.send('42["message",1,"2",{"3":[true]}]', '427["message-with-ack",null]')
        self.assertEqual(opened.packet(), '42["message-back",1,"2",{"3":[true]}]')
        self.assertEqual(opened.packet(), "437[null]")

    def test_attachments_begin_with_their_type(self):
        opened = self.joined()
        opened.send('451-["message",{"_placeholder":true,"num":0}]', b"\x04\x01\x02")
        self.assertEqual(opened.packet(), '451-["message-back",{"_placeholder":true,"num":0}]')
        self.assertEqual(opened.packet(), b"\x04\x01\x02")

    def test_the_socket_of_the_main_namespace_has_the_id_of_the_engine(self):
        opened = self.joined()
        opened.send('420["whoami"]')
        self.assertEqual(json.loads(opened.packet()[3:])[0]["id"], opened.sid)

    def test_a_namespace_answers_without_an_object(self):
        opened = self.joined()
        opened.send("40/custom")
        self.assertIn(opened.packet(), ("40/custom,", "40/custom"))
        self.assertTrue(opened.packet().startswith('42/custom,["auth",'))

    def test_the_query_of_a_namespace_is_its_auth(self):
        opened = self.joined()
        opened.send("40/custom?token=123")
        self.assertIn(opened.packet(), ("40/custom,", "40/custom"))
        self.assertEqual(opened.packet(), '42/custom,["auth",{"token":"123"}]')

    def test_a_refusal_carries_the_data_of_the_error(self):
        opened = self.joined()
        opened.send("40/admin")
        self.assertEqual(opened.packet(), '44/admin,{"code":7}')

    def test_an_unknown_namespace_is_refused_with_a_string(self):
        opened = self.joined()
        opened.send("40/random")
        self.assertEqual(opened.packet(), '44/random,"Invalid namespace"')


class OldHeartbeat(WireCase):
    flags = ("--allow-eio3", *QUICK)

    def test_a_client_that_never_pings_is_closed_after_interval_and_timeout(self):
        started = time.monotonic()
        opened = self.websocket(eio="3")
        self.assertEqual(self.assert_closes(opened), [])
        took = time.monotonic() - started
        self.assertTrue(0.48 < took < 0.9, took)

    def test_a_client_that_pings_stays(self):
        opened = self.websocket(eio="3")
        for _ in range(4):
            time.sleep(0.2)     # the client's own interval
            opened.send("2")
            self.assertEqual(opened.packet(), "3")

    def test_a_polling_client_that_never_pings_is_forgotten(self):
        session = OldPolling(self.port, ENGINE)
        try:
            session.poll()
        except Ended:
            pass
        eventually(lambda: session.post(b"1:6").status == 400, timeout=2, what="the end of the session")
