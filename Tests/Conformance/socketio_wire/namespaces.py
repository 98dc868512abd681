# SPDX-License-Identifier: Apache-2.0
# SPDX-FileCopyrightText: Hibiki contributors
"""Joining and leaving namespaces: the forms of CONNECT, its refusals, and every way to be disconnected."""

from __future__ import annotations

import json
import time

from socketio_wire.case import QUICK, WireCase
from socketio_wire.handshakes import SID
from support.rawengine import SOCKETS
from support.rawsocketio import SocketClient
from support.rows import rows

# (what the client sends, what the answer begins with, what it is greeted with)
JOINED = {
    "the main namespace is joined": ("0", "0{", '2["auth",{}]'),
    "the main namespace is joined by its name": ("0/,", "0{", '2["auth",{}]'),
    "the main namespace is joined with a payload": ('0{"token":"123"}', "0{", '2["auth",{"token":"123"}]'),
    "a namespace is joined": ("0/custom,", "0/custom,{", '2/custom,["auth",{}]'),
    "a namespace is joined without the comma": ("0/custom", "0/custom,{", '2/custom,["auth",{}]'),
    "a namespace is joined with a payload":
        ('0/custom,{"token":"abc"}', "0/custom,{", '2/custom,["auth",{"token":"abc"}]'),
}

REFUSED = {
    "an unknown namespace is refused": ("0/random", '4/random,{"message":"Invalid namespace"}'),
    "an unknown namespace is refused with its payload":
        ('0/random,{"token":"x"}', '4/random,{"message":"Invalid namespace"}'),
    "a namespace with a query is another namespace": ("0/custom?x=1,", '4/custom?x=1,{"message":"Invalid namespace"}'),
    "a namespace in capitals is another namespace": ("0/CUSTOM,", '4/CUSTOM,{"message":"Invalid namespace"}'),
    "a namespace with a slash more is another namespace": ("0/custom/,", '4/custom/,{"message":"Invalid namespace"}'),
    "a middleware refuses with its message and data": ("0/admin,", '4/admin,{"message":"denied","data":{"code":7}}'),
    "a middleware refuses a wrong token":
        ('0/admin,{"token":"no"}', '4/admin,{"message":"denied","data":{"code":7}}'),
}


class Joining(WireCase):
    def fresh(self) -> SocketClient:
        return SocketClient(self.websocket(SOCKETS))

    @rows(JOINED)
    def joined(self, sent, begin, greeting):
        client = self.fresh()
        client.send(sent)
        reply = client.read()
        self.assertTrue(reply.startswith(begin), reply)
        data = json.loads(reply[len(begin) - 1:])
        self.assertEqual(list(data), ["sid"])
        self.assertRegex(data["sid"], SID)
        self.assertEqual(client.read(), greeting)

    @rows(REFUSED)
    def refused(self, sent, answer):
        client = self.fresh()
        client.send(sent)
        self.assertEqual(client.read(), answer)
        client.connect()
        self.assertTrue(client.answers())

    def test_a_refused_client_may_try_again_on_the_same_connection(self):
        client = self.fresh()
        client.send("0/admin,")
        self.assertTrue(client.read().startswith("4/admin,"))
        self.assertEqual(list(client.connect("/admin", {"token": "ok"})), ["sid"])

    def test_the_namespaces_of_a_connection_have_sockets_of_their_own(self):
        client = self.fresh()
        sids = {client.connect(name)["sid"] for name in ("/", "/custom", "/app")}
        self.assertEqual(len(sids), 3)

    def test_the_namespaces_of_a_connection_may_be_joined_in_one_write(self):
        client = self.fresh()
        client.send("0", "0/app,", "0/custom,")
        messages = [client.message() for _ in range(6)]
        for name, greeting in (("/", "auth"), ("/custom", "auth"), ("/app", "hello")):
            mine = [message for message in messages if message.namespace == name]
            self.assertEqual([message.type for message in mine], ["0", "2"])
            self.assertEqual(mine[1].data[0], greeting)

    def test_an_event_right_behind_the_connect_is_heard(self):
        client = self.fresh()
        client.send("0", '2["message","early"]')
        self.assertEqual(client.message().type, "0")
        self.assertEqual([client.event()[0], client.event()], ["auth", ["message-back", "early"]])

    def test_an_ack_comes_in_its_namespace(self):
        client = self.client("/app")
        client.send('2/app,12["ask","x",{"a":null}]')
        self.assertEqual(client.read(), '3/app,12["x",{"a":null}]')

    def test_a_namespace_is_joined_over_polling(self):
        client = self.opened(SocketClient.polling(self.port))
        self.assertEqual(list(client.connect("/app")), ["sid"])
        self.assertEqual(client.ask("ask", 1, namespace="/app"), [1])
        self.assertEqual(list(client.connect()), ["sid"])
        self.assertTrue(client.answers())


class Leaving(WireCase):
    def test_a_client_that_left_may_join_again_with_a_new_id(self):
        client = self.opened(SocketClient.websocket(self.port))
        first = client.connect()["sid"]
        client.send("1")
        self.assertNotEqual(client.connect()["sid"], first)
        self.assertTrue(client.answers())

    def test_leaving_one_namespace_leaves_the_others_alone(self):
        client = self.client()
        client.connect("/custom")
        client.send("1/custom,")
        self.assertTrue(client.answers())
        client.connect("/custom")
        client.send("1/custom")
        self.assertTrue(client.answers())

    def test_a_client_that_left_hears_nothing_more(self):
        client = self.client()
        client.ask("join", "left")
        client.connect("/app")
        client.send("1")
        speaker = self.client()
        speaker.emit("say", "left", "not for you")
        self.assertTrue(speaker.answers())
        self.assertEqual(client.ask("ask", 1, namespace="/app"), [1])

    def test_the_server_may_disconnect_a_socket_and_keep_the_connection(self):
        client = self.client()
        client.connect("/custom")
        client.emit("disconnect-me", False)
        self.assertEqual(client.read(), "1")
        client.connect()
        self.assertTrue(client.answers())

    def test_the_server_may_disconnect_all_and_close(self):
        client = self.client()
        client.connect("/custom")
        client.connect("/app")
        client.emit("disconnect-me", True)
        packets = self.assert_closes(client.engine)
        self.assertEqual(sorted(packets), ["41", "41/app,", "41/custom,"])

    def test_an_event_that_crosses_a_disconnect_of_the_server_is_dropped(self):
        client = self.client()
        client.connect("/app")
        client.send('2["disconnect-me",false]', '2["message","too late"]', '29["message-with-ack"]')
        self.assertEqual(client.read(), "1")
        client.send('2["message","far too late"]', "31[]")
        self.assertEqual(client.ask("ask", 1, namespace="/app"), [1])
        client.connect()
        self.assertTrue(client.answers())

    def test_a_violation_in_one_namespace_closes_them_all(self):
        client = self.client()
        client.connect("/custom")
        client.send("2/custom,[]")
        self.assertEqual(self.assert_closes(client.engine), [])


class ConnectTimeout(WireCase):
    flags = ("--connect-timeout-ms", "400")

    def test_a_websocket_that_joins_nothing_is_closed(self):
        started = time.monotonic()
        self.assertEqual(self.assert_closes(self.websocket(SOCKETS)), [])
        took = time.monotonic() - started
        self.assertTrue(0.38 < took < 1.2, took)

    def test_a_polling_session_that_joins_nothing_is_closed(self):
        session = self.polling(SOCKETS)
        self.assertEqual(session.poll(), ["1"])
        self.assert_unknown(session)

    def test_a_refused_client_is_closed_in_the_end(self):
        client = SocketClient(self.websocket(SOCKETS))
        client.send("0/random,")
        self.assertEqual(len(self.assert_closes(client.engine)), 1)

    def test_a_client_that_has_joined_and_left_is_not_closed(self):
        client = self.client()
        client.send("1")
        with self.assertRaises(TimeoutError):
            client.engine.connection.socket.settimeout(0.8)
            client.engine.packet()

    def test_a_bare_engine_knows_no_connect(self):
        opened = self.websocket()
        with self.assertRaises(TimeoutError):
            opened.connection.socket.settimeout(0.8)
            opened.packet()


class AfterTheLast(WireCase):
    flags = QUICK

    def test_a_connection_without_namespaces_is_still_pinged(self):
        client = self.client()
        client.send("1")
        for _ in range(2):
            self.assertEqual(client.engine.packet(), "2")
            client.engine.send("3")
        client.connect()


class Reasons(WireCase):
    """Why a socket went, as the server tells a watcher: `gone` with the socket's id and the reason."""

    def setUp(self):
        super().setUp()
        self.watcher = self.client()
        self.watcher.ask("join", "watchers")

    def leave(self, how, expected):
        client = self.opened(SocketClient.websocket(self.port))
        sid = client.connect()["sid"]
        how(client)
        self.assertEqual(self.watcher.event(), ["gone", sid, expected])

    @rows({
        "leaving is a client namespace disconnect": ("client namespace disconnect", "1"),
        "a violation is a forced close": ("forced close", "2[]"),
        "a second connect is a forced close": ("forced close", "0"),
    })
    def by_packet(self, expected, packet):
        self.leave(lambda client: client.send(packet), expected)

    @rows({
        "a disconnect of the server is a server namespace disconnect": False,
        "a disconnect of the server that closes is a server namespace disconnect": True,
    })
    def by_server(self, close):
        self.leave(lambda client: client.emit("disconnect-me", close), "server namespace disconnect")

    @rows({
        "an unknown packet of the engine is a parse error": ("parse error", "abc"),
        "a ping of the client is a transport error": ("transport error", "2"),
        "a goodbye is a transport close": ("transport close", "1"),
    })
    def by_engine(self, expected, packet):
        self.leave(lambda client: client.engine.send(packet), expected)

    def test_a_connection_that_ends_is_a_transport_close(self):
        self.leave(lambda client: client.engine.connection.finish_sending(), "transport close")

    def test_a_goodbye_over_polling_is_a_transport_close(self):
        client = self.opened(SocketClient.polling(self.port))
        sid = client.connect()["sid"]
        client.engine.post("1")
        self.assertEqual(self.watcher.event(), ["gone", sid, "transport close"])
