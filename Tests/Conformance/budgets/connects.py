# SPDX-License-Identifier: Apache-2.0
# SPDX-FileCopyrightText: Hibiki contributors
"""New connections: of one address, in all, and behind a proxy."""

from __future__ import annotations

import threading
import time

from budgets.case import BudgetCase, few
from support.rawclient import Connection, Ended

CROWD = 600


class Addresses(BudgetCase):
    budgets = {"connects_per_address": "20/s burst 40"}

    def flood(self, source: str, answers: list) -> None:
        for _ in range(CROWD):
            try:
                with Connection(self.server.port, source=source) as connection:
                    answers.append(connection.read_response() if connection.try_send(
                        b"GET /livez HTTP/1.1\r\nHost: a\r\n\r\n") else None)
            except (Ended, OSError):
                answers.append(None)

    def test_a_flood_is_refused_politely_while_another_address_is_served(self):
        neighbour = self.websocket(source="127.0.0.9")
        neighbour.ask({"type": "subscribe", "topic": self.topic, "id": 1})
        answers: list = []
        flood = threading.Thread(target=self.flood, args=("127.0.0.8", answers))
        flood.start()
        served = 0
        while flood.is_alive():
            began = time.monotonic()
            connection = self.connect(source=f"127.0.1.{served % 200 + 1}")
            self.assertEqual(self.post(connection, {"topic": self.topic, "payload": served}).status, 200)
            self.assertEqual(neighbour.read_json()["payload"], served)
            self.assertLess(time.monotonic() - began, 1)
            served += 1
        flood.join()
        self.assertGreater(served, 0)
        self.assertEqual(len(answers), CROWD)
        # Everybody is told, before the request is read, and nobody is cut off in the middle of it.
        self.assertNotIn(None, answers)
        statuses = [answer.status for answer in answers]
        self.assertEqual(statuses[:40], [204] * 40)
        self.assertEqual(set(statuses), {204, 429})
        refused = next(answer for answer in answers if answer.status == 429)
        self.assert_limited_answer(refused, "connects-per-address")
        self.assertGreaterEqual(self.refused("connects-per-address"), statuses.count(429))

    def test_who_comes_when_it_was_told_to_is_let_in(self):
        while (answer := self.ask()).status == 204:
            pass
        time.sleep(int(answer.header("retry-after")))
        self.assertEqual(self.ask().status, 204)

    def ask(self):
        with Connection(self.server.port, source="127.0.0.7") as connection:
            return connection.request("GET", "/livez")


class All(BudgetCase):
    budgets = {"connects": "5/s burst 60", "connects_per_address": few(50)}

    def test_connections_in_all_are_refused_with_503_and_one_address_costs_the_others_nothing(self):
        crowd = [self.connect(source="127.0.0.8").request("GET", "/livez").status for _ in range(55)]
        self.assertEqual(crowd, [204] * 50 + [429] * 5)
        others = [self.connect(source=f"127.0.2.{number + 1}").request("GET", "/livez") for number in range(40)]
        statuses = [answer.status for answer in others]
        self.assertEqual(statuses[:10], [204] * 10)
        self.assertEqual(set(statuses), {204, 503})
        refused = next(answer for answer in others if answer.status == 503)
        self.assertEqual(refused.error_code(), "overloaded")
        self.assertEqual(refused.header("retry-after"), "1")


class Proxied(BudgetCase):
    budgets = {"connects_per_address": few(5), "messages_per_address": few(8), "messages_per_connection": few(100)}
    more = ("--trusted-proxy", "127.0.0.1")

    def test_a_proxy_speaks_for_many_and_each_has_its_own(self):
        def one(connection, client):
            return self.post(connection, headers=[("X-Forwarded-For", client)]).status

        for number in range(20):
            self.assertEqual(one(self.connect(), f"198.51.100.{number + 1}"), 200)
        statuses = [one(self.connect(), "203.0.113.1") for _ in range(7)]
        self.assertEqual(statuses, [200] * 5 + [429] * 2)
        # Over connections that it keeps, requests of one client are not connections of it.
        kept = self.connect()
        self.assertEqual(one(kept, "203.0.113.2"), 200)
        statuses = [one(kept, f"203.0.113.{2 + number % 2}") for number in range(20)]
        self.assertEqual(statuses[::2], [200] * 7 + [429] * 3)
        self.assertEqual(statuses[1::2], [200] * 8 + [429] * 2)

