# SPDX-License-Identifier: Apache-2.0
# SPDX-FileCopyrightText: Hibiki contributors
"""What the commands do with a server that limits them."""

from __future__ import annotations

import subprocess

from budgets.case import BudgetCase, few
from support.server import binary


class Publish(BudgetCase):
    budgets = {"messages_per_connection": "20/s burst 10"}

    def test_hibiki_publish_waits_and_loses_nothing(self):
        lines = "\n".join(str(number) for number in range(40))
        subprocess.run(
            [binary(), "publish", self.topic, "--stdin", "--url", self.server.url], input=lines, check=True,
            capture_output=True, text=True, timeout=60)
        self.assertGreater(self.refused("messages-per-connection"), 0)
        body, _ = self.poll()
        self.assertEqual([event["payload"] for event in body["events"]], list(range(40)))


class Bench(BudgetCase):
    budgets = {"messages_per_connection": few(20), "connects_per_address": few(30)}

    def bench(self, *arguments):
        done = subprocess.run(
            [binary(), "bench", "fanout", "--seconds", "1", "--warm-up", "0.2", *arguments, "--url", self.server.url],
            capture_output=True, text=True, timeout=60)
        self.assertNotEqual(done.returncode, 0)
        return done.stderr

    def test_hibiki_bench_says_what_stops_it_and_what_to_do(self):
        told = self.bench("--subscribers", "2", "--rate", "500")
        self.assertIn("too many messages on one connection", told)
        self.assertIn("--no-budgets", told)
        told = self.bench("--subscribers", "60")
        self.assertIn("too many new connections from one address", told)
        self.assertIn("--no-budgets", told)
