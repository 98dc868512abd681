# SPDX-License-Identifier: Apache-2.0
# SPDX-FileCopyrightText: Hibiki contributors
"""What the two public test suites of the protocols ask for, 25 tests of Engine.IO 4 and 32 of Socket.IO 5, retold."""

from __future__ import annotations

import json
import time

from socketio_wire.case import WireCase
from support.rawclient import Connection, Ended
from support.rawengine import ENGINE, SOCKETS, EngineSocket, target
from support.rawsocketio import SocketClient
from support.rawwebsocket import Refused
from support.server import eventually

INTERVAL, TIMEOUT = 0.3, 0.2
KEYS = {"sid", "upgrades", "pingInterval", "pingTimeout", "maxPayload"}


class EngineConversation(WireCase):
    """What both suites ask of the engine, at `path`."""

    flags = ("--ping-interval-ms", "300", "--ping-timeout-ms", "200", "--connect-timeout-ms", "1500")
    path = ENGINE

    def status(self, method: str, **parameters) -> int:
        with Connection(self.port) as connection:
            body = None if method == "GET" else b""
            return connection.request(method, target(self.path, **parameters), (), body).status

    def candidate(self, session) -> EngineSocket:
        return self.opened(EngineSocket.connect(self.port, self.path, sid=session.sid))

    def upgraded(self):
        session = self.polling(self.path)
        opened = self.candidate(session)
        opened.send("2probe")
        self.assertEqual(opened.packet(), "3probe")
        opened.send("5")
        return session, opened

    def assert_handshake(self, handshake, upgrades):
        self.assertEqual(set(handshake), KEYS)
        self.assertIsInstance(handshake["sid"], str)
        self.assertEqual(handshake["upgrades"], upgrades)
        times = (handshake["pingInterval"], handshake["pingTimeout"], handshake["maxPayload"])
        self.assertEqual(times, (300, 200, 1_000_000))

    def test_a_session_is_opened_over_polling(self):
        self.assert_handshake(self.polling(self.path).handshake, ["websocket"])

    def test_polling_without_a_valid_version_is_refused(self):
        self.assertEqual((self.status("GET", eio=None), self.status("GET", eio="abc")), (400, 400))

    def test_polling_without_a_valid_transport_is_refused(self):
        self.assertEqual((self.status("GET", transport=None), self.status("GET", transport="abc")), (400, 400))

    def test_a_handshake_by_another_method_is_refused(self):
        self.assertEqual((self.status("POST"), self.status("PUT")), (400, 400))

    def test_a_session_is_opened_over_websocket(self):
        self.assert_handshake(self.websocket(self.path).handshake, [])

    def test_a_websocket_without_a_valid_version_is_refused(self):
        for eio in (None, "abc"):
            with self.assertRaises(Refused):
                self.websocket(self.path, eio=eio)

    def test_a_websocket_without_a_valid_transport_is_refused(self):
        for query in ("", "&transport=abc"):
            with self.assertRaises(Refused):
                EngineSocket.open(self.port, path=f"{self.path}?EIO=4{query}", welcome=False)

    def test_pings_over_polling(self):
        session = self.polling(self.path)
        for _ in range(3):
            self.assertEqual(session.poll(), ["2"])
            session.send("3")

    def test_a_ping_timeout_over_polling(self):
        session = self.polling(self.path)
        time.sleep(INTERVAL + TIMEOUT + 0.1)    # silence is what is tested
        self.assertEqual(session.get().status, 400)

    def test_pings_over_websocket(self):
        opened = self.websocket(self.path)
        for _ in range(3):
            self.assertEqual(opened.packet(), "2")
            opened.send("3")

    def test_a_ping_timeout_over_websocket(self):
        self.assert_closes(self.websocket(self.path))

    def test_a_goodbye_over_polling(self):
        session = self.polling(self.path)
        with session.hang() as hanging:
            session.post("1")
            answer = hanging.read_response()
            self.assertEqual((answer.status, answer.body), (200, b"6"))
        self.assertEqual(session.get().status, 400)

    def test_a_goodbye_over_websocket(self):
        opened = self.websocket(self.path)
        opened.send("1")
        self.assert_closes(opened)

    def test_an_upgrade(self):
        session = self.polling(self.path)
        opened = self.candidate(session)
        opened.send("2probe")
        self.assertEqual(opened.packet(), "3probe")
        self.assertEqual(session.poll(), ["6"])
        opened.send("5")
        self.assert_lives(opened)

    def test_polling_after_an_upgrade_is_refused(self):
        session, opened = self.upgraded()
        # A poll on another connection may overtake the packet that ends the upgrade: it is answered with a noop then.
        eventually(lambda: session.get().status == 400, what="polls being refused")
        self.assert_lives(opened)

    def test_a_websocket_after_an_upgrade_is_closed(self):
        session, opened = self.upgraded()
        self.assert_closes(self.candidate(session))
        self.assert_lives(opened)

    def assert_lives(self, opened):
        self.assert_echoes(opened)


class EngineSuite(EngineConversation):
    def exchange(self, *packets):
        session = self.polling()
        answer = session.post(*packets)
        self.assertEqual((answer.status, answer.body), (200, b"ok"))
        self.assertEqual(session.poll(), list(packets))

    def test_one_text_over_polling(self):
        self.exchange("4hello")

    def test_several_texts_over_polling(self):
        self.exchange("4test1", "4test2", "4test3")

    def test_text_and_binary_over_polling(self):
        self.exchange("4hello", b"\x01\x02\x03\x04")

    def test_an_invalid_packet_over_polling_ends_the_session(self):
        session = self.polling()
        try:
            self.assertEqual(session.post("abc").status, 400)
        except Ended:
            pass
        self.assertEqual(session.get().status, 400)

    def test_a_duplicate_poll_ends_the_session(self):
        session = self.polling()
        with session.hang() as hanging:
            self.assertEqual(session.get(t="burst").status, 400)
            answer = hanging.read_response()
            self.assertEqual((answer.status, answer.body), (200, b"1"))
        self.assertEqual(session.get().status, 400)

    def test_a_cancelled_poll_ends_the_session(self):
        session = self.polling()
        hanging = session.hang()
        hanging.close()
        session.settle(Connection(self.port))
        self.assertEqual(session.get().status, 400)

    def test_text_over_websocket(self):
        self.assert_echoes(self.websocket(), "hello")

    def test_binary_over_websocket(self):
        opened = self.websocket()
        opened.send(b"\x01\x02\x03\x04")
        self.assertEqual(opened.receive(), b"\x01\x02\x03\x04")

    def test_an_invalid_packet_over_websocket_closes(self):
        opened = self.websocket()
        opened.send("abc")
        self.assert_closes(opened)


class SocketSuite(EngineConversation):
    path = SOCKETS

    def assert_lives(self, opened):
        client = SocketClient(opened)
        client.connect()
        self.assertTrue(client.answers())

    def assert_connects(self, sent, begin, greeting):
        client = SocketClient(self.websocket(SOCKETS))
        client.send(sent)
        reply = client.read()
        self.assertTrue(reply.startswith(begin), reply)
        self.assertEqual(list(json.loads(reply[len(begin):])), ["sid"])
        self.assertEqual(client.read(), greeting)

    def test_the_main_namespace_is_joined(self):
        self.assert_connects("0", "0", '2["auth",{}]')

    def test_the_main_namespace_is_joined_with_a_payload(self):
        self.assert_connects('0{"token":"123"}', "0", '2["auth",{"token":"123"}]')

    def test_a_custom_namespace_is_joined(self):
        self.assert_connects("0/custom,", "0/custom,", '2/custom,["auth",{}]')

    def test_a_custom_namespace_is_joined_with_a_payload(self):
        self.assert_connects('0/custom,{"token":"abc"}', "0/custom,", '2/custom,["auth",{"token":"abc"}]')

    def test_an_unknown_namespace_is_refused(self):
        client = SocketClient(self.websocket(SOCKETS))
        client.send("0/random")
        self.assertEqual(client.read(), '4/random,{"message":"Invalid namespace"}')

    def test_an_invalid_handshake_closes(self):
        opened = self.websocket(SOCKETS)
        opened.send("4abc")
        self.assert_closes(opened)

    def test_no_handshake_at_all_closes(self):
        opened = self.websocket(SOCKETS)
        started = time.monotonic()
        with self.assertRaises(Ended):
            while True:
                opened.receive()        # answers the pings
        self.assertLess(time.monotonic() - started, 2.5)

    def test_a_client_leaves_the_main_namespace(self):
        client = self.client()
        client.send("1")
        self.assertEqual(client.engine.packet(), "2")

    def test_a_client_joins_and_leaves_a_custom_namespace(self):
        client = self.client()
        client.send("0/custom")
        self.assertEqual([client.message().type, client.message().data], ["0", ["auth", {}]])
        client.send("1/custom", '2["message","message to main namespace"]')
        self.assertEqual(client.read(), '2["message-back","message to main namespace"]')

    def exchange(self, sent, expected):
        client = self.client()
        client.send(*sent)
        self.assertEqual([client.read() for _ in expected], expected)

    def test_a_plain_event(self):
        self.exchange(['2["message",1,"2",{"3":[true]}]'], ['2["message-back",1,"2",{"3":[true]}]'])

    def test_an_event_with_attachments(self):
        parts = [b"\x01\x02\x03", b"\x04\x05\x06"]
        places = '{"_placeholder":true,"num":0},{"_placeholder":true,"num":1}'
        self.exchange([f'52-["message",{places}]', *parts], [f'52-["message-back",{places}]', *parts])

    def test_a_plain_event_with_an_ack(self):
        self.exchange(['2456["message-with-ack",1,"2",{"3":[false]}]'], ['3456[1,"2",{"3":[false]}]'])

    def test_an_event_with_attachments_and_an_ack(self):
        parts = [b"\x01\x02\x03", b"\x04\x05\x06"]
        places = '{"_placeholder":true,"num":0},{"_placeholder":true,"num":1}'
        self.exchange([f'52-789["message-with-ack",{places}]', *parts], [f'62-789[{places}]', *parts])

    def assert_violates(self, packet):
        client = self.client()
        client.send(packet)
        self.assert_closes(client.engine)

    def test_an_unknown_type_closes(self):
        self.assert_violates("abc")

    def test_an_invalid_payload_closes(self):
        self.assert_violates("2{}")

    def test_an_invalid_ack_id_closes(self):
        self.assert_violates('2abc["message-with-ack",1,"2",{"3":[false]}]')
