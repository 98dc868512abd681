# SPDX-License-Identifier: Apache-2.0
# SPDX-FileCopyrightText: Hibiki contributors
"""The opening handshake: each refusal, each form that must be taken, and who may shake hands at all (Origin)."""

from __future__ import annotations

import time

from attacks.case import TOPIC, AttackCase, rows
from support.rawclient import Connection, request_bytes, statuses
from support.rawevents import post, publication, target
from support.rawwebsocket import KEY, WebSocket, accept_for, text, upgrade_request

ASK = {"type": "ping", "id": 7}
REPLY = {"type": "reply", "id": 7}

REFUSED = {
    "without a key": ({"replace": {"Sec-WebSocket-Key": None}}, {400}),
    "with an empty key": ({"replace": {"Sec-WebSocket-Key": ""}}, {400}),
    "with a key of 15 bytes": ({"replace": {"Sec-WebSocket-Key": "aGliaWtpIGhpYmlraSAh"}}, {400}),
    "with a key of 17 bytes": ({"replace": {"Sec-WebSocket-Key": "aGliaWtpIGhpYmlraSBoISE="}}, {400}),
    "with a key that is not Base64": ({"replace": {"Sec-WebSocket-Key": "!GliaWtpIGhpYmlraSBoIQ=="}}, {400}),
    "with two keys": ({"extra": [("Sec-WebSocket-Key", KEY)]}, {400}),
    "with version 8": ({"replace": {"Sec-WebSocket-Version": "8"}}, {426}),
    "with version 14": ({"replace": {"Sec-WebSocket-Version": "14"}}, {426}),
    "with version 013": ({"replace": {"Sec-WebSocket-Version": "013"}}, {400, 426}),
    "with a version that is no number": ({"replace": {"Sec-WebSocket-Version": "thirteen"}}, {400, 426}),
    "without a version": ({"replace": {"Sec-WebSocket-Version": None}}, {400, 426}),
    "with versions 13 and 8": ({"extra": [("Sec-WebSocket-Version", "8")]}, {400, 426}),
    "by POST": ({"method": "POST", "replace": {"Content-Length": "0"}}, {400, 405}),
    "by HEAD": ({"method": "HEAD"}, {400, 405}),
    "over HTTP/1.0": ({"version": "HTTP/1.0"}, {400, 426, 505}),
    "without Upgrade": ({"replace": {"Upgrade": None}}, {400, 426}),
    "with an Upgrade to something else": ({"replace": {"Upgrade": "foo"}}, {400, 426}),
    "without Connection": ({"replace": {"Connection": None}}, {400, 426}),
    "with Connection: keep-alive": ({"replace": {"Connection": "keep-alive"}}, {400, 426}),
    "with a Connection that only begins like it": ({"replace": {"Connection": "upgraded"}}, {400, 426}),
    "with a body": ({"replace": {"Content-Length": "5"}, "body": b"hello"}, {400, 413}),
    "with a chunked body": ({"replace": {"Transfer-Encoding": "chunked"}, "body": b"0\r\n\r\n"}, {400, 413}),
    "without Host": ({"replace": {"Host": None}}, {400}),
    "with two thousand headers": ({"extra": [(f"X-{number}", "a") for number in range(2000)]}, {400, 431}),
    "with an endless header": ({"extra": [("X-Long", "a" * 100_000)]}, {400, 431}),
    "with 50,000 spaces between subprotocols": (
        {"extra": [("Sec-WebSocket-Protocol", "a" + " " * 50_000 + "b")]}, {400, 431}),
}

TAKEN = {
    "with Connection: keep-alive, Upgrade": {"replace": {"Connection": "keep-alive, Upgrade"}},
    "with names and values in other letter cases": {
        "replace": {"Upgrade": None, "Connection": None},
        "extra": [("uPGRADE", "WebSocket"), ("connection", "uPgRaDe")],
    },
    "with two Connection headers": {"replace": {"Connection": "keep-alive"}, "extra": [("Connection", "Upgrade")]},
    "with a query": {"target": "/ws?token=%zz&a=%00"},
    "with the absolute form": {"target": "http://127.0.0.1/ws"},
    "with an extension called constructor": {"extra": [("Sec-WebSocket-Extensions", "constructor")]},
    "with a hundred subprotocols": {"extra": [("Sec-WebSocket-Protocol", ", ".join(f"p{n}" for n in range(100)))]},
    "with 10,000 spaces before a subprotocol": {"extra": [("Sec-WebSocket-Protocol", "a," + " " * 10_000 + "b")]},
}


class HandshakeAttacks(AttackCase):
    @rows({f"a handshake {how} is refused": arguments for how, arguments in REFUSED.items()})
    def refused(self, changes: dict, allowed: set) -> None:
        connection = self.connect()
        connection.try_send(upgrade_request(self.host, **changes))
        response = connection.read_response(changes.get("method", "GET"))
        self.assertIn(response.status, allowed, response.body)
        if response.status == 426:
            self.assertEqual(response.header("sec-websocket-version"), "13")
        if response.status == 405:
            self.assertIn("GET", response.header("allow") or "")

    def test_after_a_refused_version_no_frame_is_taken_for_a_tunnel(self):
        smuggled = request_bytes("GET", target([TOPIC]), self.host, [("Connection", "close")])
        connection = self.connect()
        connection.send(upgrade_request(self.host, replace={"Sec-WebSocket-Version": "777"}) + smuggled)
        rest = connection.take_rest()
        self.assertEqual(statuses(rest)[0], 426)
        self.assertNotIn(101, statuses(rest))

    @rows({f"a handshake {how} is taken": changes for how, changes in TAKEN.items()})
    def taken(self, changes: dict) -> None:
        connection = self.connect()
        started = time.monotonic()
        connection.send(upgrade_request(self.host, **changes))
        response = connection.read_response()
        self.assertLess(time.monotonic() - started, 0.5)
        self.assertEqual(response.status, 101, response.body)
        self.assertEqual(response.header("sec-websocket-accept"), accept_for(KEY))
        self.assertIsNone(response.header("sec-websocket-extensions"))
        self.assertIsNone(response.header("sec-websocket-protocol"))

    def test_ten_thousand_spaces_inside_a_subprotocol_cost_no_time(self):
        started = time.monotonic()
        odd = [("Sec-WebSocket-Protocol", "a" + " " * 10_000 + "b")]
        status, _, response = self.upgrade_status(upgrade_request(self.host, extra=odd))
        self.assertLess(time.monotonic() - started, 0.5)
        self.assertIn(status, (101, 400))
        self.assertIsNone(response.header("sec-websocket-protocol"))

    def test_an_upgrade_to_one_of_several_protocols_is_taken_or_refused_cleanly(self):
        status, _, _ = self.upgrade_status(upgrade_request(self.host, replace={"Upgrade": "websocket, foo"}))
        self.assertIn(status, (101, 400, 426))

    @rows({
        "the known subprotocol is chosen": ("hibiki.json", "hibiki.json"),
        "the known subprotocol is chosen among others": ("foo, hibiki.json , bar", "hibiki.json"),
        "no subprotocol is chosen when none is known": ("foo, bar", None),
        "a subprotocol in other letter cases is another one": ("HIBIKI.JSON", None),
        "a subprotocol that begins like ours is another one": ("hibiki.jsonx", None),
    })
    def subprotocol(self, offered: str, chosen) -> None:
        opened = self.open(headers=[("Sec-WebSocket-Protocol", offered)])
        self.assertEqual(opened.response.header("sec-websocket-protocol"), chosen)

    def test_an_upgrade_on_another_path_is_not_answered_with_101(self):
        for path in (target([TOPIC]), "/", "/wss", "/ws/x", "/nothing"):
            status, _, _ = self.upgrade_status(upgrade_request(self.host, target=path))
            self.assertNotEqual(status, 101, path)
            self.assertLess(status, 500, path)

    def test_frames_glued_to_the_upgrade_request_are_processed(self):
        opened = self.open(glued=text(ASK) + text({**ASK, "id": 8}))
        self.assertEqual([opened.read_json(), opened.read_json()], [REPLY, {**REPLY, "id": 8}])

    def test_half_a_frame_glued_to_the_upgrade_request_waits_for_its_rest(self):
        data = text(ASK)
        opened = self.open(glued=data[:5])
        opened.send(data[5:])
        self.assertEqual(opened.read_json(), REPLY)

    def test_a_broken_frame_glued_to_the_upgrade_request_is_a_protocol_error(self):
        self.assert_closes(self.open(glued=b"\xf3\x80", welcome=False), {1002})

    def test_a_handshake_that_comes_one_byte_at_a_time_is_taken(self):
        connection = self.connect()
        for byte in upgrade_request(self.host):
            connection.send(bytes((byte,)))
        self.assertEqual(connection.read_response().status, 101)

    def test_a_kept_alive_connection_may_be_upgraded_by_a_later_request(self):
        connection = self.connect()
        for _ in range(3):
            self.assertEqual(connection.request("GET", target([TOPIC])).status, 200)
        self.assert_still_open(self.open(connection=connection))

    def test_a_kept_alive_connection_may_be_upgraded_after_a_post(self):
        connection = self.connect()
        self.assertEqual(post(connection, publication(TOPIC, 1)).status, 200)
        self.assert_still_open(self.open(connection=connection, glued=text({"type": "ping"})))

    def test_a_kept_alive_connection_may_be_upgraded_after_a_refused_upgrade(self):
        connection = self.connect()
        connection.send(upgrade_request(self.host, replace={"Sec-WebSocket-Version": "8"}))
        response = connection.read_response()
        self.assertEqual(response.status, 426)
        if (response.header("connection") or "").lower() != "close":
            self.assert_still_open(self.open(connection=connection))

    def test_requests_an_upgrade_and_frames_in_one_write_are_answered_in_order(self):
        connection = self.connect()
        body = b'{"topic":"public/pipelined","payload":1}'
        first = request_bytes("POST", "/v1/events", self.host, [("Content-Type", "application/json")], body)
        second = request_bytes("GET", target(["public/pipelined"]), self.host)
        connection.send(first + second + upgrade_request(self.host) + text(ASK))
        self.assertIn("position", connection.read_response().json())
        self.assertEqual(len(connection.read_response().json()["events"]), 1)
        response = connection.read_response()
        self.assertEqual(response.status, 101)
        opened = WebSocket(connection, response)
        self.assertEqual(opened.read_json()["type"], "welcome")
        self.assertEqual(opened.read_json(), REPLY)

    def test_a_reset_right_after_the_upgrade_request_harms_nobody(self):
        for number in range(300):
            with Connection(self.port) as connection:
                connection.send(upgrade_request(self.host) + (text(ASK) if number % 2 else b""))
                connection.reset()

    def test_a_half_closed_connection_after_the_upgrade_is_ended(self):
        opened = self.open()
        opened.connection.finish_sending()
        self.assertTrue(opened.connection.ends_within(3))


GOOD = "https://good.com"


class OriginPolicy(AttackCase):
    flags = ("--allowed-origin", GOOD, "--allowed-origin", "http://app.example:8080")

    def handshake(self, *headers, connection=None) -> int:
        connection = connection or self.connect()
        connection.send(upgrade_request(self.host, extra=headers))
        response = connection.read_response()
        if response.status == 403:
            self.assertEqual(response.error_code(), "origin_not_allowed")
            self.assertIsNone(response.header("set-cookie"))
        return response.status

    @rows({
        f"the origin {origin} is refused": origin
        for origin in (
            "https://evil", "null", "https://good.com.evil", "https://good.com:444", "http://good.com",
            "https://sub.good.com", "https://evilgood.com", "https://good.com@evil", "https://good.com https://evil",
            "good.com", "*", "file://", "https://good.com%2eevil", "http://app.example", "http://127.0.0.1",
            "http://127.0.0.1:1", "http://127.0.0.1.evil", "http://localhost.evil",
        )
    })
    def refused(self, origin: str) -> None:
        self.assertEqual(self.handshake(("Origin", origin)), 403)

    def test_an_empty_origin_is_refused(self):
        self.assertEqual(self.handshake(("Origin", "")), 403)

    def test_two_origins_are_refused_though_one_is_allowed(self):
        self.assertIn(self.handshake(("Origin", GOOD), ("Origin", "https://evil")), (400, 403))
        self.assertIn(self.handshake(("Origin", "https://evil"), ("Origin", GOOD)), (400, 403))

    def test_the_origin_of_the_server_itself_is_allowed(self):
        self.assertEqual(self.handshake(("Origin", f"http://{self.host}")), 101)

    @rows({f"the listed origin {origin} is allowed": origin for origin in (GOOD, "http://app.example:8080")})
    def listed(self, origin: str) -> None:
        self.assertEqual(self.handshake(("Origin", origin)), 101)
        self.assertEqual(self.handshake(("Origin", origin), ("Cookie", "session=1")), 101)

    def test_a_missing_origin_is_allowed_without_a_cookie(self):
        self.assertEqual(self.handshake(), 101)

    def test_a_missing_origin_is_refused_with_a_cookie(self):
        self.assertEqual(self.handshake(("Cookie", "session=1")), 403)

    def test_a_forged_origin_on_a_later_request_is_refused_too(self):
        connection = self.connect()
        self.assertEqual(connection.request("GET", target([TOPIC]), [("Origin", f"http://{self.host}")]).status, 200)
        self.assertEqual(self.handshake(("Origin", "https://evil"), connection=connection), 403)

    def test_no_session_begins_for_a_refused_origin(self):
        connection = self.connect()
        connection.send(upgrade_request(self.host, extra=[("Origin", "https://evil")])
                        + text({"type": "publish", "topic": "public/forged", "payload": 1}))
        self.assertEqual(connection.read_response().status, 403)
        connection.ends_within(1)
        with Connection(self.port) as other:
            self.assertEqual(other.request("GET", target(["public/forged"])).json()["events"], [])

    def test_http_answers_name_an_allowed_origin_only(self):
        for origin, allowed in ((GOOD, True), ("https://evil", False), ("null", False)):
            for headers in ([("Origin", origin)], [("Origin", origin), ("Cookie", "session=1")]):
                with Connection(self.port) as connection:
                    response = connection.request("GET", target([TOPIC]), headers)
                got = response.header("access-control-allow-origin")
                self.assertEqual(got, GOOD) if allowed else self.assertIn(got, (None, GOOD))

    def test_a_post_from_a_foreign_page_is_not_published(self):
        body = b'{"topic":"public/foreign","payload":1}'
        with Connection(self.port) as connection:
            headers = [("Origin", "https://evil"), ("Content-Type", "text/plain")]
            self.assertEqual(connection.request("POST", "/v1/events", headers, body).status, 403)
        with Connection(self.port) as connection:
            self.assertEqual(connection.request("GET", target(["public/foreign"])).json()["events"], [])
