# SPDX-License-Identifier: Apache-2.0
# SPDX-FileCopyrightText: Hibiki contributors
"""Requests that have broken Engine.IO servers: ids that are names of methods, transports that are not, wrong versions,
bodies of a type that nobody reads, overlapping requests."""

from __future__ import annotations

from socketio_attacks.case import TargetAttack, rows
from support.protocol3 import decode_text
from support.rawclient import Ended, request_bytes
from support.rawengine import ENGINE, SOCKETS, Polling, read_handshake, target
from support.rawwebsocket import RSV2, RSV3, TEXT, frame, upgrade_request
from support.server import eventually

STRANGE_IDS = {
    f"the session id {name} is unknown": sid
    for name, sid in {
        "__proto__": "__proto__", "constructor": "constructor", "hasOwnProperty": "hasOwnProperty",
        "toString": "toString", "of twenty letters": "A" * 20, "of ten thousand letters": "A" * 10_000,
        "with a NUL": "AAAA\0AAAA", "beyond ASCII": "é€😀", "with a path": "../../etc/passwd", "of digits": "0",
        "with a line break": "a\r\nX-Evil: 1",
    }.items()
}

UPGRADES = {
    "an upgrade with transport=foo": ("foo", {b"Transport unknown"}),
    "an upgrade without a transport": (None, {b"Transport unknown"}),
    "an upgrade with transport=polling": ("polling", {b"Transport unknown", b"Bad request"}),
    "an upgrade with an empty transport": ("", {b"Transport unknown"}),
    "an upgrade with transport=__proto__": ("__proto__", {b"Transport unknown"}),
}


class EngineRequests(TargetAttack):
    def upgrade(self, address: str):
        connection = self.connect()
        connection.send(upgrade_request(connection.host, target=address))
        return connection.read_response()

    @rows(STRANGE_IDS)
    def strange_id(self, sid):
        for method, body in (("GET", None), ("POST", b"4x")):
            response = self.connect().request(method, target(ENGINE, sid=sid), (), body)
            self.assertEqual((response.status, response.json()["code"]), (400, 1))
        response = self.upgrade(target(ENGINE, "websocket", sid))
        self.assertEqual((response.status, response.body), (400, b"Session ID unknown"))

    @rows({f"{sentence} is refused, with a session and without": arguments for sentence, arguments in UPGRADES.items()})
    def wrong_transport(self, transport, bodies):
        session = self.polling()
        for sid in (None, session.sid):
            response = self.upgrade(target(ENGINE, transport, sid))
            self.assertEqual(response.status, 400)
            self.assertIn(response.body, bodies)
        self.assert_echoes(session)

    def test_resets_right_after_the_upgrade_request_break_nothing(self):
        session = self.polling()
        for sid in (None, session.sid) * 50:
            connection = self.connect()
            connection.try_send(upgrade_request(connection.host, target=target(ENGINE, "websocket", sid)))
            connection.reset()
        self.assert_echoes(session)

    @rows({"a frame with RSV2 during the upgrade": RSV2, "a frame with RSV3 during the upgrade": RSV3})
    def reserved_bits(self, rsv):
        for probe in ((), ("2probe",)):
            session = self.polling()
            opened = self.websocket(sid=session.sid)
            opened.send(*probe)
            opened.connection.send(frame(TEXT, b"2probe", rsv=rsv))
            self.assert_ended(opened, {1002})
            self.assert_echoes(session)

    def test_binary_bodies_are_answered_and_pile_nothing_up(self):
        before = self.server.descriptors()
        for _ in range(50):
            session = self.polling()
            response = session.request("POST", b"\x04x", (("Content-Type", "application/octet-stream"),))
            self.assertEqual(response.status, 400)
            self.assert_forgotten(session)
        eventually(lambda: self.server.descriptors() <= before + 2, what="the connections being ended")

    def test_a_binary_body_that_never_comes_is_answered_all_the_same(self):
        session = self.polling()
        connection = self.connect()
        headers = (("Content-Type", "application/octet-stream"), ("Content-Length", "100"))
        connection.send(request_bytes("POST", session.target(), connection.host, headers))
        try:
            self.assertEqual(connection.read_response().status, 400)
        except Ended:
            pass
        self.assert_forgotten(session)

    @rows({"two polls at once end the session and nothing else": False,
           "ten polls at once end the session and nothing else": True})
    def polls_at_once(self, many):
        session = self.polling()
        hanging = [self.connect() for _ in range(10 if many else 2)]
        for connection in hanging:
            connection.send(request_bytes("GET", session.target(), connection.host))
        answers = [connection.read_response() for connection in hanging]
        self.assertEqual(sorted(answer.status for answer in answers)[:2], [200, 400])
        self.assertEqual([answer.body for answer in answers if answer.status == 200], [b"1"])
        self.assert_forgotten(session)

    def test_two_posts_at_once_end_the_session_and_nothing_else(self):
        session = self.polling()
        first = self.connect()
        first.send(request_bytes("POST", session.target(), first.host, (("Content-Length", "10"),)) + b"4")
        session.settle(first)
        self.assertEqual(session.post("4x").status, 400)
        self.assertTrue(first.ends_within(2), "the first post was left open")
        self.assert_forgotten(session)

    @rows({"an origin of another site gets no leave to use credentials": (("Origin", "https://evil.example"),),
           "the origin null gets no leave to use credentials": (("Origin", "null"),)})
    def foreign_origin(self, *headers):
        connection = self.connect()
        connection.send(request_bytes("GET", target(ENGINE), connection.host, headers))
        response = connection.read_response()
        self.assertEqual(response.status, 403)
        self.assertIsNone(response.header("access-control-allow-origin"))
        self.assertIsNone(response.header("access-control-allow-credentials"))


class WrongVersions(TargetAttack):
    """CVE-2026-102599: the protocol of an upgrade must be that of its session."""

    def assert_not_upgraded(self, address: str) -> None:
        connection = self.connect()
        connection.send(upgrade_request(connection.host, target=address))
        response = connection.read_response()
        self.assertEqual(response.status, 400)
        self.assertIn(response.body, (b"Unsupported protocol version", b"Bad request"))

    @rows({"an upgrade of a session of protocol 4 with protocol 3": "3",
           "an upgrade of a session of protocol 4 without a version": None,
           "an upgrade of a session of protocol 4 with the version abc": "abc"})
    def of_protocol_4(self, eio):
        session = self.polling()
        self.assert_not_upgraded(target(ENGINE, "websocket", session.sid, eio))
        self.assert_echoes(session)


class WrongVersionsBesideProtocol3(WrongVersions):
    flags = ("--allow-eio3",)

    def test_an_upgrade_of_a_session_of_protocol_3_with_protocol_4(self):
        response = self.connect().request("GET", target(ENGINE, eio="3", b64="1"))
        sid = read_handshake(decode_text(response.body)[0])["sid"]
        self.assert_not_upgraded(target(ENGINE, "websocket", sid))
        connection = self.connect()
        self.assertEqual(connection.request("POST", target(ENGINE, sid=sid, eio="3"), (), b"2:4x").body, b"ok")
        self.assertEqual(connection.request("GET", target(ENGINE, sid=sid, eio="3", b64="1")).body, b"2:4x")


class CredentialsAndOrigins(TargetAttack):
    flags = ("--cors-origin", "*")

    def test_an_origin_for_all_never_goes_with_credentials(self):
        for method in ("GET", "OPTIONS"):
            headers = (("Origin", "https://evil.example"), ("Access-Control-Request-Method", "POST"))
            response = self.connect().request(method, target(SOCKETS), headers)
            if response.header("access-control-allow-credentials") == "true":
                self.assertNotIn(response.header("access-control-allow-origin"), ("*", "https://evil.example"))


class EarlyEndings(TargetAttack):
    def test_sessions_that_are_opened_and_left_are_forgotten_with_their_connections(self):
        before = self.server.descriptors()
        for number in range(300):
            if number % 3:
                Polling.open(self.port, SOCKETS)
            else:
                self.websocket(SOCKETS).connection.reset()
        eventually(lambda: self.server.descriptors() <= before + 2, what="the connections being ended")
