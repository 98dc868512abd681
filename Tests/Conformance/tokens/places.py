# SPDX-License-Identifier: Apache-2.0
# SPDX-FileCopyrightText: Hibiki contributors
"""Where a token may stand, and whom it makes of somebody."""

from __future__ import annotations

import json

from support.rawevents import EventStream
from support.rawsocketio import SocketClient
from support.rawwebsocket import WebSocket
from tokens.case import PUBLIC, TokenCase

ORIGIN = "https://app.example.com"


class Places(TokenCase):
    @classmethod
    def options(cls, folder):
        return [*super().options(folder), "--token-cookie", "session", "--allowed-origin", ORIGIN]

    def test_a_request_shows_it_in_authorization_in_the_query_or_in_a_cookie(self):
        text = self.token()
        self.assertEqual(self.get(text=text).status, 200)
        self.assertEqual(self.get(access_token=text).status, 200)
        self.assertEqual(self.post(text=text).status, 200)
        cookie = ("Cookie", f"session={text}")
        self.assertEqual(self.get(headers=[cookie, ("Origin", ORIGIN)]).status, 200)

    def test_a_cookie_counts_only_with_an_origin_that_may(self):
        bad = ("Cookie", "session=" + self.show("a.b.signature-of-nothing"))
        self.assert_refused_token(self.get(headers=[bad, ("Origin", ORIGIN)]))
        self.assert_refused_token(self.get(headers=[bad, ("Sec-Fetch-Site", "same-origin")]))
        # Where nobody says whose page has sent it, it is as if it were not there.
        self.assertEqual(self.get(headers=[bad]).status, 200)
        self.assertEqual(self.get(headers=[bad, ("Origin", "https://evil.example")]).status, 403)

    def test_an_event_stream_shows_it_in_the_query_as_eventsource_must(self):
        with EventStream.open(self.port, [PUBLIC], parameters={"access_token": self.token()}) as stream:
            stream.read_until("connected")
        with self.assertRaises(AssertionError):
            EventStream.open(self.port, [PUBLIC], parameters={"access_token": "a.b.c"})

    def test_a_websocket_shows_it_in_its_handshake_or_in_connect(self):
        for options in ({"headers": self.bearer(self.token())}, {"path": f"/ws?access_token={self.token()}"}):
            opened = WebSocket.open(self.port, welcome=False, **options)
            self.opened(opened.connection)
            self.assertEqual(opened.read_json()["principal"], "alice")
        opened = self.open()
        answer = opened.ask({"type": "connect", "token": self.token("bob"), "id": 1})
        self.assertEqual((answer["type"], answer["principal"]), ("reply", "bob"))
        self.assertGreater(answer["expiresAt"], 0)

    def test_what_stands_behind_connect_is_done_after_it_and_in_order(self):
        opened = self.open()
        opened.send_json({"type": "connect", "token": self.token(), "id": 0})
        for number in range(1, 50):
            opened.send_json({"type": "ping", "id": number})
        answers = [opened.read_json() for _ in range(50)]
        self.assertEqual([answer["id"] for answer in answers], list(range(50)))

    def test_nobody_becomes_somebody_else_on_one_connection(self):
        opened = self.open(headers=self.bearer(self.token("alice")))
        answer = opened.ask({"type": "connect", "token": self.token("mallory"), "id": 1})
        self.assertEqual((answer["type"], answer["code"]), ("error", "invalid_token"))
        self.assert_still_open(opened)

    def test_socket_io_shows_it_in_auth_or_in_the_query(self):
        client = self.opened(SocketClient.joined(self.port, "/v1", {"token": self.token()}))
        self.assertEqual(client.ask("subscribe", PUBLIC, namespace="/v1")[0]["topic"], PUBLIC)
        for name in ("token", "access_token"):
            client = self.opened(SocketClient.polling(self.port, **{name: self.token()}))
            client.connect("/v1")
            bad = self.opened(SocketClient.polling(self.port, **{name: "a.b.c"}))
            bad.send("0/v1,")
            self.assertEqual(bad.message().data["data"]["code"], "invalid_token")

    def test_what_the_namespace_is_told_counts_more_than_the_address(self):
        client = self.opened(SocketClient.polling(self.port, token="a.b.c"))
        client.connect("/v1", {"token": self.token()})

    def test_socket_io_over_polling_shows_it_too(self):
        client = self.opened(SocketClient.polling(self.port))
        client.connect("/v1", {"token": self.token()})

    def test_no_answer_and_no_metric_quotes_a_token(self):
        text = self.token()
        self.get(text=text)
        self.connect().request("GET", f"/no/such/page?access_token={text}")
        response = self.connect().request("GET", f"/no/such/page?access_token={text}")
        self.assertNotIn(text.encode(), response.body)
        metrics = self.connect().request("GET", "/metrics").body
        self.assertIn(b"websocket_connections_active", metrics)
        self.assertNotIn(text.split(".")[2].encode(), metrics)
        self.assertNotIn(json.dumps(text).encode(), metrics)
