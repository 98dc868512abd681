# SPDX-License-Identifier: Apache-2.0
# SPDX-FileCopyrightText: Hibiki contributors
"""The open packet, the session ids, and the paths where an engine answers."""

from __future__ import annotations

import base64
import re

from socketio_wire.case import WireCase
from support.rawclient import Connection
from support.rawengine import ENGINE, SOCKETS, decode_payload, read_handshake, target
from support.rawsocketio import SocketClient
from support.rows import rows

SID = re.compile(r"[A-Za-z0-9_-]{20}")
FORM = '0{{"sid":"{}","upgrades":[{}],"pingInterval":25000,"pingTimeout":20000,"maxPayload":1000000}}'

SERVED = {
    "a longer path is served": "/socket.io/foo",
    "a much longer path is served": "/socket.io/a/b/c.js",
    "the exact path is served": "/socket.io/",
}
NOT_SERVED = {
    "the path without its slash is not served": "/socket.io",
    "a path that only begins alike is not served": "/socket.iox/",
    "the path in capitals is not served": "/SOCKET.IO/",
    "the path below another is not served": "/x/socket.io/",
}


class Handshakes(WireCase):
    def test_the_open_packet_over_polling_has_exactly_five_keys_and_offers_websocket(self):
        for path in (ENGINE, SOCKETS):
            session = self.polling(path)
            self.assertRegex(session.sid, SID)
            self.assertEqual(session.response.body.decode(), FORM.format(session.sid, '"websocket"'))

    def test_the_open_packet_over_websocket_offers_nothing(self):
        for path in (ENGINE, SOCKETS):
            opened = self.websocket(path)
            self.assertEqual(list(opened.handshake), ["sid", "upgrades", "pingInterval", "pingTimeout", "maxPayload"])
            self.assertEqual(opened.handshake["upgrades"], [])
            self.assertRegex(opened.sid, SID)

    def test_the_headers_of_the_open_packet_over_polling(self):
        response = self.polling().response
        self.assertEqual(response.header("content-type"), "text/plain; charset=UTF-8")
        self.assertEqual(response.header("cache-control"), "no-store")
        self.assertIsNone(response.header("set-cookie"))
        self.assertIsNone(response.header("access-control-allow-origin"))

    def test_the_deflate_extension_is_not_taken_by_default(self):
        opened = self.websocket(headers=(("Sec-WebSocket-Extensions", "permessage-deflate"),))
        self.assertIsNone(opened.response.header("sec-websocket-extensions"))
        self.assert_echoes(opened)

    def test_a_session_id_ends_in_a_counter_after_twelve_random_bytes(self):
        sids = [base64.urlsafe_b64decode(self.polling().sid) for _ in range(3)]
        self.assertEqual({len(sid) for sid in sids}, {15})
        self.assertEqual(len({sid[:12] for sid in sids}), 3)
        counts = [int.from_bytes(sid[12:], "big") for sid in sids]
        steps = [(later - sooner) % (1 << 24) for sooner, later in zip(counts, counts[1:])]
        self.assertTrue(all(0 < step < 1000 for step in steps), counts)

    def test_the_session_id_of_the_engine_is_not_that_of_the_socket(self):
        client = self.opened(SocketClient.websocket(self.port))
        reply = client.connect()
        self.assertEqual(list(reply), ["sid"])
        self.assertRegex(reply["sid"], SID)
        self.assertNotEqual(reply["sid"][:16], client.engine.sid[:16])
        self.assertNotEqual(reply["sid"], client.connect("/custom")["sid"])

    def test_parameters_that_mean_nothing_are_passed_over(self):
        with Connection(self.port) as connection:
            address = target(ENGINE, t="N8hyd6w", foo="bar") + "&x=%F0%9F%98%80&=&&y"
            response = connection.request("GET", address)
            self.assertEqual(response.status, 200)
            sid = read_handshake(decode_payload(response.body)[0])["sid"]
            connection.request("POST", target(ENGINE, sid=sid, t="N8hyd7a"), (), b"4hi")
            self.assertEqual(connection.request("GET", target(ENGINE, sid=sid, t="N8hyd7b")).body, b"4hi")

    @rows(SERVED)
    def served(self, path):
        with Connection(self.port) as connection:
            response = connection.request("GET", target(path))
            self.assertEqual(response.status, 200)
            read_handshake(decode_payload(response.body)[0])
        self.websocket(path)

    @rows(NOT_SERVED)
    def not_served(self, path):
        with Connection(self.port) as connection:
            self.assertEqual(connection.request("GET", target(path)).status, 404)


class AnotherPath(WireCase):
    flags = ("--path", "/live")

    def test_the_server_answers_at_the_path_that_it_is_given(self):
        with Connection(self.port) as connection:
            self.assertEqual(connection.request("GET", target("/live/")).status, 200)
            self.assertEqual(connection.request("GET", target(SOCKETS)).status, 404)
        self.assertTrue(self.client(path="/live/").answers())


class WithoutUpgrades(WireCase):
    flags = ("--no-upgrades",)

    def test_no_upgrade_is_offered_where_none_is_allowed(self):
        self.assertEqual(self.polling().handshake["upgrades"], [])

    def test_a_websocket_may_still_be_opened_at_once(self):
        self.assert_echoes(self.websocket())


class PollingAlone(WireCase):
    flags = ("--transports", "polling")

    def test_a_transport_that_is_switched_off_is_refused_and_not_offered(self):
        self.assertEqual(self.polling().handshake["upgrades"], [])
        with Connection(self.port) as connection:
            self.assert_refused(connection.request("GET", target(ENGINE, "websocket")), 0)


class WebSocketAlone(WireCase):
    flags = ("--transports", "websocket")

    def test_polling_that_is_switched_off_is_refused(self):
        with Connection(self.port) as connection:
            self.assert_refused(connection.request("GET", target(ENGINE)), 0)
        self.assert_echoes(self.websocket())
