# SPDX-License-Identifier: Apache-2.0
# SPDX-FileCopyrightText: Hibiki contributors
"""One address that opens thousands of connections a second: it is refused in words, and nobody else notices."""

from __future__ import annotations

import collections
import contextlib
import re

from attacks.case import AttackCase
from support.flood import Flooder
from support.rawclient import Connection, Ended
from support.rawevents import poll
from support.server import eventually

FLOODER = "127.0.0.2"
LIMIT = 200
REFUSAL = "503 overloaded"
BUDGET_REFUSAL = "429 rate_limited"
# Between two visits of the neighbour, in seconds: it makes two connections each time, on a fast machine as on a slow one.
PACE = 0.01
# As many as that may come in a second: more than the neighbour makes, and far fewer than the flood.
CONNECTS = 500


class Flood(AttackCase):
    """The neighbour is at 127.0.0.1, and the flood comes from two processes at 127.0.0.2, 2,500 a second each."""

    count = 12_500
    processes = 2

    def flood(self, *flags: str) -> "dict[str, int]":
        """What became of all connections. The neighbour is served while they come, and all is as it was afterwards."""
        descriptors = self.server.descriptors()
        with contextlib.ExitStack() as stack:
            floods = [
                stack.enter_context(Flooder(self.port, FLOODER, self.count, 2_500, *flags))
                for _ in range(self.processes)]
            served = 0
            while not all(flood.is_done(within=PACE) for flood in floods):
                self.assert_neighbour_served()
                self.assert_healthy()
                served += 1
            self.assertGreater(served, 10)
            results = [flood.result()["outcomes"] for flood in floods]
        outcomes = sum(map(collections.Counter, results), collections.Counter())
        self.assertEqual(outcomes.total(), self.count * self.processes)
        self.assert_normal_again(descriptors)
        return outcomes

    def assert_healthy(self) -> None:
        with Connection(self.port, timeout=1) as connection:
            response = connection.request("GET", "/health")
        self.assertEqual((response.status, response.json()["status"]), (200, "ok"))

    def refusals(self) -> int:
        page = self.connect().request("GET", "/metrics").body.decode()
        counts = re.findall(r'^hibiki_refusals_total\{limit="(?:max-conn|connects)[^"]*"\} (\d+)$', page, re.MULTILINE)
        return sum(map(int, counts))

    def assert_normal_again(self, descriptors: int) -> None:
        eventually(
            lambda: self.server.descriptors() <= descriptors + 5, timeout=10, what="the descriptors being closed")
        eventually(self.has_room, what="a place for the address that has flooded")

    def has_room(self) -> bool:
        with Connection(self.port, source=FLOODER) as connection:
            try:
                return poll(connection, ["public/flood"]).status == 200
            except Ended:
                return False


class ConnectionFloods(Flood):
    # Those who were let in and say nothing keep their places until the flood is over.
    flags = ("--max-connections-per-address", str(LIMIT), "--head-timeout", "120")

    def test_each_connection_beyond_the_limit_is_told_when_to_come_back_and_others_are_served(self):
        refused = self.refusals()
        outcomes = self.flood()
        beyond = self.count * self.processes - LIMIT
        self.assertEqual(outcomes, {"200": LIMIT, REFUSAL: beyond})
        self.assertGreaterEqual(self.refusals() - refused, beyond)

    def test_whoever_sends_nothing_is_refused_in_the_same_words(self):
        outcomes = self.flood("--mute")
        self.assertEqual(outcomes, {"silence": LIMIT, REFUSAL: self.count * self.processes - LIMIT})


class ConnectFloods(Flood):
    """An address may connect `CONNECTS` times a second; all other budgets are as they are."""

    flags = ("--budgets", "--connects-per-address", f"{CONNECTS}/s burst {CONNECTS}")

    def test_connections_that_come_too_fast_are_told_when_to_come_back_and_others_are_served(self):
        refused = self.refusals()
        outcomes = self.flood("--brief")
        self.assertEqual(set(outcomes), {"200", BUDGET_REFUSAL})
        self.assertGreaterEqual(outcomes["200"], CONNECTS)
        self.assertGreaterEqual(self.refusals() - refused, outcomes[BUDGET_REFUSAL])
