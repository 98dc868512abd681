# SPDX-License-Identifier: Apache-2.0
# SPDX-FileCopyrightText: Hibiki contributors
"""Publishing, polls and streams over HTTP."""

from __future__ import annotations

import re
import unittest

from budgets.case import BudgetCase, few, rest
from support.rawclient import Connection
from support.rawevents import EventStream, poll, publication, target
from support.server import Server


class Requests(BudgetCase):
    budgets = {"messages_per_connection": "5/s burst 6", "bytes_per_connection": "10000/s burst 50000"}

    def test_a_publication_too_many_is_answered_429_and_the_time_that_it_says_is_right(self):
        connection, neighbour = self.connect(), self.connect()
        left = []
        while (response := self.post(connection)).status == 200:
            self.assertEqual(response.header("ratelimit-policy"), '"messages-per-connection";q=6;w=2')
            left.append(int(re.fullmatch(r'"messages-per-connection";r=(\d+);t=\d+', response.header("ratelimit"))[1]))
        self.assertEqual(left[0], 5)
        self.assertEqual(left[-1], 0)
        self.assertEqual(self.post(neighbour).status, 200)
        rest(self.assert_limited_answer(response, "messages-per-connection"))
        self.assertEqual(self.post(connection).status, 200)
        body, _ = self.poll()
        self.assertEqual(len(body["events"]), len(left) + 2)

    def test_an_array_counts_for_all_that_it_holds_and_is_refused_as_a_whole(self):
        connection = self.connect()
        self.assertEqual(self.post(connection, [publication(self.topic, 1)] * 8).status, 200)
        response = self.post(connection, [publication(self.topic, 2)] * 8)
        self.assert_limited_answer(response, "messages-per-connection")
        body, _ = self.poll()
        self.assertEqual([event["payload"] for event in body["events"]], [1] * 8)

    def test_bodies_are_counted(self):
        connection = self.connect()
        self.assertEqual(self.post(connection, publication(self.topic, "x" * 60_000)).status, 200)
        self.assert_limited_answer(self.post(connection), "bytes-per-connection")


class Polls(BudgetCase):
    budgets = {"messages_per_connection": few(4)}

    def test_polls_count_and_what_operators_ask_for_does_not(self):
        connection = self.connect()
        answers = [poll(connection, [self.topic]) for _ in range(6)]
        self.assertEqual([answer.status for answer in answers], [200] * 4 + [429] * 2)
        self.assert_limited_answer(answers[-1], "messages-per-connection")
        self.assert_limited_answer(connection.request("GET", "/nothing/here"), "messages-per-connection")
        for path, status in (("/livez", 204), ("/readyz", 200), ("/health", 200), ("/metrics", 200)):
            for _ in range(10):
                self.assertEqual(connection.request("GET", path).status, status, path)


class Streams(BudgetCase):
    budgets = {"joins_per_address": few(5), "refusals_per_connection": few(2), "messages_per_connection": few(1)}

    def test_the_topics_of_streams_are_counted(self):
        topics = [f"{self.topic}/{number}" for number in range(3)]
        with EventStream.open(self.server.port, topics) as stream:
            self.assertEqual(stream.read_event().event, "connected")
            with EventStream.open(self.server.port, topics):
                accept = (("Accept", "text/event-stream"),)
                response = self.connect().request("GET", target(topics), accept)
                self.assert_limited_answer(response, "joins-per-address")
                elsewhere = self.connect(source="127.0.0.2")
                elsewhere.send(b"GET /v1/events?topic=public/a HTTP/1.1\r\nHost: a\r\nAccept: text/event-stream\r\n\r\n")
                self.assertEqual(elsewhere.read_head().status, 200)
            self.publish(1)
            # The stream goes on as if nothing had been.
            self.assertEqual(self.post(self.connect(), publication(topics[0], 5)).status, 200)
            self.assertEqual(stream.read_until("message").data, "5")

    def test_a_connection_that_goes_on_is_ended(self):
        connection = self.connect()
        self.assertEqual(self.post(connection).status, 200)
        ends = []
        for _ in range(3):
            response = self.post(connection)
            self.assertEqual(response.status, 429)
            ends.append((response.header("connection") or "").lower() == "close")
        self.assertEqual(ends, [False, False, True])
        self.assertTrue(connection.ends_within(5))


class Addressed(BudgetCase):
    budgets = {"messages_per_address": few(3)}

    def test_an_address_has_one_budget_over_all_its_connections(self):
        statuses = [self.post(self.connect(source="127.0.0.3")).status for _ in range(5)]
        self.assertEqual(statuses, [200, 200, 200, 429, 429])
        self.assertEqual(self.websocket(source="127.0.0.3").ask({"type": "ping", "id": 1})["code"], "rate_limited")
        self.assertEqual(self.post(self.connect(source="127.0.0.4")).status, 200)


class Defaults(unittest.TestCase):
    """What a server does that nobody has told anything about budgets."""

    def test_publications_beyond_the_defaults_are_refused_and_a_burst_within_them_is_not(self):
        with Server("--budgets") as server, Connection(server.port) as connection:
            one = b'{"topic":"public/a","payload":1}'
            statuses = []
            while 429 not in statuses and len(statuses) < 1_000:
                response = connection.request("POST", "/v1/events", [("Content-Type", "application/json")], one)
                statuses.append(response.status)
            self.assertEqual(statuses[:100], [200] * 100)
            self.assertEqual(statuses[-1], 429)
