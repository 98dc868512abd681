# SPDX-License-Identifier: Apache-2.0
# SPDX-FileCopyrightText: Hibiki contributors
"""Tokens that run out: the client is asked for another, and the connection ends without one."""

from __future__ import annotations

import json
import time

from support.rawevents import EventStream
from support.rawclient import Ended
from support.rawsocketio import SocketClient
from tokens.case import PUBLIC, TokenCase


class Expiry(TokenCase):
    """Clients have two seconds to replace a token."""

    @classmethod
    def options(cls, folder):
        return [*super().options(folder), "--token-refresh", "2"]

    def test_a_websocket_is_asked_for_a_new_one_and_goes_on_with_it(self):
        opened = self.open(headers=self.bearer(self.token(ttl=3)))
        asked = opened.read_until(lambda message: message["type"] == "token:expiring")
        self.assertTrue(0 < asked["timeLeft"] <= 2_000, asked)
        answer = opened.ask({"type": "connect", "token": self.token(ttl=600), "id": 1})
        self.assertEqual(answer["type"], "reply")
        time.sleep(asked["timeLeft"] / 1_000 + 0.5)
        self.assert_still_open(opened)

    def test_a_websocket_without_a_new_one_is_closed_with_4002_when_the_old_one_is_over(self):
        ttl = 3
        opened = self.open(headers=self.bearer(self.token(ttl=ttl)))
        started = time.monotonic()
        self.assert_closes(opened, {4002}, seconds=10)
        self.assertTrue(ttl - 1.5 < time.monotonic() - started < ttl + 2)

    def test_a_token_that_is_too_short_still_gets_the_whole_time(self):
        started = time.monotonic()
        opened = self.open(headers=self.bearer(self.token(ttl=1)))
        self.assertEqual(opened.read_json()["type"], "token:expiring")
        self.assert_closes(opened, {4002}, seconds=10)
        self.assertGreater(time.monotonic() - started, 1.8)

    def test_a_bad_token_does_not_prolong_anything(self):
        opened = self.open(headers=self.bearer(self.token(ttl=2)))
        opened.read_until(lambda message: message["type"] == "token:expiring")
        opened.send_json({"type": "connect", "token": self.token("mallory"), "id": 1})
        self.assert_closes(opened, {4002}, seconds=10)

    def test_an_event_stream_ends_with_its_token_and_cannot_come_back_with_it(self):
        text = self.token(ttl=1)
        with EventStream.open(self.port, [PUBLIC], parameters={"access_token": text}) as stream:
            self.assertIn("timeLeft", json.loads(stream.read_until("token:expiring").data))
            with self.assertRaises(Ended):
                while True:
                    stream.read_event()

    def test_a_long_poll_ends_with_its_token(self):
        started = time.monotonic()
        response = self.connect(timeout=20).request(
            "GET", f"/v1/events?topic={PUBLIC}-quiet&wait=30", self.bearer(self.token(ttl=2)))
        self.assertEqual(response.status, 204)
        self.assertLess(time.monotonic() - started, 10)

    def test_a_socket_of_socket_io_is_asked_and_goes_on_with_a_new_one(self):
        client = self.opened(SocketClient.joined(self.port, "/v1", {"token": self.token(ttl=3)}))
        name, asked = client.event()
        self.assertEqual(name, "token:expiring")
        self.assertTrue(0 < asked["timeLeft"] <= 2_000, asked)
        other = client.ask("token:refresh", self.token("mallory"), namespace="/v1")[0]
        self.assertEqual(other["error"]["data"]["code"], "invalid_token")
        answer = client.ask("token:refresh", self.token(ttl=600), namespace="/v1")[0]
        self.assertEqual(answer["principal"], "alice")
        time.sleep(asked["timeLeft"] / 1_000 + 0.5)
        self.assertEqual(client.ask("subscribe", PUBLIC, namespace="/v1")[0]["topic"], PUBLIC)

    def test_a_socket_of_socket_io_without_a_new_one_loses_its_connection_and_may_come_back(self):
        client = self.opened(SocketClient.joined(self.port, "/v1", {"token": self.token(ttl=1)}))
        packets, close = client.engine.until_close(10)
        self.assertFalse([packet for packet in packets if packet.startswith("41")], "a client that is put out stays out")
        self.opened(SocketClient.joined(self.port, "/v1", {"token": self.token()}))


class TimeToAuthenticate(TokenCase):
    """In production nobody stays who shows no token."""

    @classmethod
    def options(cls, folder):
        return [*super().options(folder), "--production", "--auth-timeout", "1"]

    # The neighbour knows no tokens.
    neighbour_kind = type("Nobody", (), {
        "__init__": lambda self, port: None, "leave": lambda self: None, "is_served": lambda self: None})

    def assert_neighbour_served(self, **options):
        self.assertEqual(self.post(text=self.token()).status, 200)

    def test_a_websocket_that_shows_none_is_closed_with_4500(self):
        opened = self.open()
        answer = opened.ask({"type": "subscribe", "topic": PUBLIC, "id": 1})
        self.assertEqual((answer["type"], answer["code"]), ("error", "authentication_required"))
        self.assert_closes(opened, {4500}, seconds=5)

    def test_a_websocket_that_shows_one_in_time_stays(self):
        opened = self.open()
        opened.ask({"type": "connect", "token": self.token(), "id": 1})
        time.sleep(1.5)
        self.assertEqual(opened.ask({"type": "subscribe", "topic": PUBLIC, "id": 2})["type"], "reply")

    def test_a_namespace_wants_one_and_a_connection_that_joins_none_ends(self):
        client = self.opened(SocketClient.websocket(self.port))
        client.send("0/v1,")
        self.assertEqual(client.message().data["data"]["code"], "authentication_required")
        client.engine.until_close(5)

    def test_requests_without_one_are_asked_for_it(self):
        for response in (self.get(), self.post()):
            self.assertEqual((response.status, response.error_code()), (401, "authentication_required"))
            self.assertEqual(response.header("www-authenticate"), "Bearer")
