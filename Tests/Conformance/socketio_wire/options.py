# SPDX-License-Identifier: Apache-2.0
# SPDX-FileCopyrightText: Hibiki contributors
"""Options that show on the wire: the largest message, cookies, other origins."""

from __future__ import annotations

from socketio_wire.case import WireCase
from support.rawclient import Connection
from support.rawengine import SOCKETS, target
from support.rows import rows

LIMIT = 1000
ORIGIN = "https://app.example"
EVIL = (("Origin", "https://evil.example"),)
OURS = (("Origin", ORIGIN),)
ASKED = (("Access-Control-Request-Method", "POST"), ("Access-Control-Request-Headers", "content-type,x-token"))


class LargestMessage(WireCase):
    flags = ("--max-payload", str(LIMIT))

    def test_the_limit_is_told_in_the_open_packet(self):
        self.assertEqual(self.polling().handshake["maxPayload"], LIMIT)
        self.assertEqual(self.websocket().handshake["maxPayload"], LIMIT)

    def test_a_message_of_the_limit_passes_over_websocket(self):
        opened = self.websocket()
        self.assert_echoes(opened, "x" * (LIMIT - 1))
        opened.send(b"\0" * LIMIT)
        self.assertEqual(opened.receive(), b"\0" * LIMIT)

    @rows({
        "a text over the limit closes the websocket with 1009": "4" + "x" * LIMIT,
        "binary over the limit closes the websocket with 1009": b"x" * (LIMIT + 1),
        "the limit counts bytes and not characters": "4" + "é" * (LIMIT // 2),
    })
    def too_long(self, packet):
        opened = self.websocket()
        opened.send(packet)
        packets, close = opened.until_close(2)
        self.assertEqual((packets, close.code), ([], 1009))
        self.assertTrue(opened.connection.ends_within(2))

    def test_a_post_of_the_limit_passes(self):
        self.assert_echoes(self.polling(), "x" * (LIMIT - 1))

    def test_a_post_over_the_limit_is_answered_413_and_the_session_stays(self):
        session = self.polling()
        self.assertEqual(session.post("4" + "x" * LIMIT).status, 413)
        self.assert_echoes(session)

    def test_a_chunked_post_over_the_limit_is_answered_413_and_the_session_stays(self):
        session = self.polling()
        body = b"%x\r\n4%s\r\n0\r\n\r\n" % (LIMIT + 1, b"x" * LIMIT)
        self.assertEqual(session.request("POST", body, (("Transfer-Encoding", "chunked"),)).status, 413)
        self.assert_echoes(session)

    def test_the_server_may_send_more_than_the_limit(self):
        session = self.polling()
        for _ in range(3):
            session.send("4" + "x" * 900)
        self.assertEqual(session.poll(), ["4" + "x" * 900] * 3)


class Cookies(WireCase):
    flags = ("--cookie",)

    def test_the_polling_handshake_sets_the_cookie_with_the_session_id(self):
        session = self.polling()
        cookie = session.response.header("set-cookie").split("; ")
        self.assertEqual(cookie[0], f"io={session.sid}")
        self.assertEqual({part.lower() for part in cookie[1:]}, {"path=/", "httponly", "samesite=lax"})

    def test_later_answers_set_no_cookie(self):
        session = self.polling()
        self.assertIsNone(session.post("4hi").header("set-cookie"))
        self.assertIsNone(session.get().header("set-cookie"))

    def test_a_websocket_handshake_sets_no_cookie(self):
        self.assertIsNone(self.websocket().response.header("set-cookie"))


class OtherOrigins(WireCase):
    flags = ("--cors-origin", ORIGIN)

    def options(self, *headers):
        with Connection(self.port) as connection:
            return connection.request("OPTIONS", target(SOCKETS), headers)

    def test_a_preflight_is_answered_204_with_what_is_allowed(self):
        response = self.options(*OURS, *ASKED)
        self.assertEqual(response.status, 204)
        self.assertEqual(response.header("access-control-allow-origin"), ORIGIN)
        self.assertEqual(response.header("access-control-allow-methods"), "GET,HEAD,PUT,PATCH,POST,DELETE")
        self.assertEqual(response.header("access-control-allow-headers"), "content-type,x-token")
        self.assertEqual(response.header("vary"), "Origin, Access-Control-Request-Headers")

    def test_answers_carry_the_origin(self):
        session = self.polling(headers=OURS)
        posted = session.post("4hi", headers=OURS)
        for response in (session.response, posted, session.get(headers=OURS)):
            self.assertEqual(response.status, 200)
            self.assertEqual(response.header("access-control-allow-origin"), ORIGIN)
            self.assertEqual(response.header("vary"), "Origin")

    def test_refusals_carry_the_origin_too(self):
        with Connection(self.port) as connection:
            for parameters, code in (({"transport": "abc"}, 0), ({"sid": "A" * 20}, 1), ({"eio": "3"}, 5)):
                response = connection.request("GET", target(SOCKETS, **parameters), OURS)
                self.assert_refused(response, code)
                self.assertEqual(response.header("access-control-allow-origin"), ORIGIN)

    def test_another_origin_is_never_named(self):
        response = self.polling(headers=EVIL).response
        self.assertIn(response.header("access-control-allow-origin"), (None, ORIGIN))
        self.assertIn(self.options(*EVIL, *ASKED).header("access-control-allow-origin"), (None, ORIGIN))

    def test_a_websocket_of_another_origin_is_not_stopped_by_this_option(self):
        self.assert_echoes(self.websocket(headers=EVIL))
