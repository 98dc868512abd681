# SPDX-License-Identifier: Apache-2.0
# SPDX-FileCopyrightText: Hibiki contributors
"""Which requests are refused, in which order the reasons count, and what each refusal says on each transport."""

from __future__ import annotations

from socketio_wire.case import REFUSALS, WireCase
from support.rawclient import Connection, request_bytes
from support.rawengine import ENGINE, SOCKETS, EngineSocket, target
from support.rawwebsocket import upgrade_request
from support.rows import rows

UNKNOWN = "A" * 20

# (method, parameters of the target, code)
OVER_HTTP = {
    "no transport is refused with code 0": ("GET", {"transport": None}, 0),
    "an unknown transport is refused with code 0": ("GET", {"transport": "abc"}, 0),
    "an empty transport is refused with code 0": ("GET", {"transport": ""}, 0),
    "a transport in capitals is refused with code 0": ("GET", {"transport": "POLLING"}, 0),
    "webtransport over HTTP is refused with code 0": ("GET", {"transport": "webtransport"}, 0),
    "an unknown session is refused with code 1": ("GET", {"sid": UNKNOWN}, 1),
    "a post to an unknown session is refused with code 1": ("POST", {"sid": UNKNOWN}, 1),
    "a post without a session is refused with code 2": ("POST", {}, 2),
    "a put without a session is refused with code 2": ("PUT", {}, 2),
    "a delete without a session is refused with code 2": ("DELETE", {}, 2),
    "options without a session are refused with code 2": ("OPTIONS", {}, 2),
    "websocket without an upgrade is refused with code 3": ("GET", {"transport": "websocket"}, 3),
    "what the application does not allow is refused with code 4": ("GET", {"forbid": "1"}, 4),
    "no protocol version is refused with code 5": ("GET", {"eio": None}, 5),
    "protocol 3 is refused with code 5": ("GET", {"eio": "3"}, 5),
    "protocol abc is refused with code 5": ("GET", {"eio": "abc"}, 5),
    "protocol 04 is refused with code 5": ("GET", {"eio": "04"}, 5),
    "an empty session id is no session id": ("POST", {"sid": ""}, 2),
    "the transport counts before the session": ("GET", {"transport": "abc", "sid": UNKNOWN}, 0),
    "the transport counts before the method": ("POST", {"transport": "abc"}, 0),
    "the session counts before the protocol": ("GET", {"sid": UNKNOWN, "eio": "3"}, 1),
    "the session counts before the upgrade": ("GET", {"sid": UNKNOWN, "transport": "websocket"}, 1),
    "the method counts before the upgrade": ("POST", {"transport": "websocket"}, 2),
    "the method counts before the application": ("POST", {"forbid": "1"}, 2),
    "the method counts before the protocol": ("POST", {"eio": None}, 2),
    "the upgrade counts before the protocol": ("GET", {"transport": "websocket", "eio": "3"}, 3),
    "the application counts before the protocol": ("GET", {"forbid": "1", "eio": "3"}, 4),
}

# (parameters of the target, code)
OVER_WEBSOCKET = {
    "an upgrade without a transport says why": ({"transport": None}, 0),
    "an upgrade to an unknown transport says why": ({"transport": "abc"}, 0),
    "an upgrade to webtransport says why": ({"transport": "webtransport"}, 0),
    "an upgrade of an unknown session says why": ({"sid": UNKNOWN}, 1),
    "an upgrade that the application does not allow says why": ({"forbid": "1"}, 4),
    "an upgrade without a protocol version says why": ({"eio": None}, 5),
    "an upgrade with protocol 3 says why": ({"eio": "3"}, 5),
    "an upgrade with protocol abc says why": ({"eio": "abc"}, 5),
    "the transport of an upgrade counts before its session": ({"transport": "abc", "sid": UNKNOWN}, 0),
    "the session of an upgrade counts before its protocol": ({"sid": UNKNOWN, "eio": "3"}, 1),
    "the application counts before the protocol of an upgrade": ({"forbid": "1", "eio": "3"}, 4),
}


class Refusals(WireCase):
    @rows(OVER_HTTP)
    def refused(self, method, parameters, code):
        for path in (ENGINE, SOCKETS):
            body = b"" if method in ("POST", "PUT") else None
            with Connection(self.port) as connection:
                response = connection.request(method, target(path, **parameters), (), body)
                self.assert_refused(response, code)

    @rows(OVER_WEBSOCKET)
    def upgrade_refused(self, parameters, code):
        for path in (ENGINE, SOCKETS):
            with Connection(self.port) as connection:
                address = target(path, **{"transport": "websocket", **parameters})
                connection.send(upgrade_request(connection.host, target=address))
                response = connection.read_response()
                self.assertEqual((response.status, response.header("content-type")), (400, "text/html"))
                self.assertEqual(response.body.decode(), REFUSALS[code])
                self.assertEqual((response.header("connection") or "").lower(), "close")
                self.assertTrue(connection.ends_within(2), "the connection was not ended after the refusal")

    def test_an_origin_with_a_control_character_is_refused(self):
        with Connection(self.port) as connection:
            connection.send(request_bytes("GET", target(ENGINE), connection.host, (("Origin", "http://a\x01b"),)))
            self.assertEqual(connection.read_response().status, 400)

    def test_a_plain_request_to_a_websocket_session_is_refused_with_code_3_and_changes_nothing(self):
        opened = self.websocket()
        for method in ("GET", "POST"):
            with Connection(self.port) as connection:
                address = target(ENGINE, sid=opened.sid)
                self.assert_refused(connection.request(method, address, (), b"4x" if method == "POST" else None), 3)
        self.assert_echoes(opened)

    def test_a_plain_request_with_the_other_transports_name_is_refused_with_code_3_and_changes_nothing(self):
        session = self.polling()
        with Connection(self.port) as connection:
            self.assert_refused(connection.request("GET", target(ENGINE, "websocket", session.sid)), 3)
        self.assert_echoes(session)

    def test_a_session_of_one_engine_is_not_known_to_the_other(self):
        session = self.polling()
        with Connection(self.port) as connection:
            self.assert_refused(connection.request("GET", target(SOCKETS, sid=session.sid)), 1)
        self.assert_echoes(session)

    def test_the_application_is_asked_at_the_handshake_alone(self):
        session = self.polling()
        session.post("4hello", forbid="1")
        self.assertEqual(session.poll(forbid="1"), ["4hello"])

    def test_a_connection_serves_on_after_a_refusal_over_http(self):
        with Connection(self.port) as connection:
            self.assert_refused(connection.request("GET", target(ENGINE, "abc")), 0)
            self.assertEqual(connection.request("GET", target(ENGINE)).status, 200)

    def test_a_websocket_may_be_opened_on_a_connection_that_has_polled(self):
        with Connection(self.port) as connection:
            self.assertEqual(connection.request("GET", target(ENGINE)).status, 200)
            self.assert_echoes(EngineSocket.connect(self.port, connection=connection))
