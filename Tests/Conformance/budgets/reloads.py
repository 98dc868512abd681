# SPDX-License-Identifier: Apache-2.0
# SPDX-FileCopyrightText: Hibiki contributors
"""Budgets that are set anew while the server runs."""

from __future__ import annotations

import json
import pathlib
import signal
import subprocess
import tempfile
import unittest

from budgets.case import BUDGETS, few
from support.rawwebsocket import WebSocket
from support.server import Server, binary, eventually


class Reloads(unittest.TestCase):
    def setUp(self):
        folder = tempfile.TemporaryDirectory(prefix="hibiki-budgets-")
        self.addCleanup(folder.cleanup)
        self.file = pathlib.Path(folder.name) / "hibiki.json"

    def write(self, **settings) -> None:
        settings = {name.replace("_", "-"): value for name, value in settings.items()}
        self.file.write_text(json.dumps({"budgets": True, **dict.fromkeys(BUDGETS, "off"), **settings}))

    def test_connections_that_are_there_get_what_is_set(self):
        self.write(messages_per_connection=few(3))
        # The environment of the suites would win over the file.
        with Server("--config", self.file, environment={"HIBIKI_BUDGETS": "true"}) as server:
            with WebSocket.open(server.port) as socket:
                ping = {"type": "ping", "id": 1}
                self.assertEqual([socket.ask(ping)["type"] for _ in range(4)], ["reply"] * 3 + ["error"])
                self.write(messages_per_connection=few(6))
                server.process.send_signal(signal.SIGHUP)
                eventually(lambda: '"setting":"messages-per-connection"' in server.log(), what="a line about it")
                eventually(lambda: socket.ask(ping)["type"] == "reply", what="room again")
                self.assertEqual([socket.ask(ping)["type"] for _ in range(3)], ["reply", "reply", "error"])

    def test_print_config_shows_what_can_be_read_again(self):
        arguments = ["--messages-per-principal", "7/m burst 9", "--no-budgets", "--unlimited", "role:backend"]
        told = self.run_hibiki("serve", *arguments, "--print-config").stdout
        for line in ('messages-per-principal: "7/m burst 9"', "budgets: false", 'unlimited: ["role:backend"]'):
            self.assertIn(line, told.splitlines())
        file = self.file.with_suffix(".yaml")
        file.write_text(told)
        self.assertEqual(self.run_hibiki("serve", "--config", file, "--print-config").stdout, told)

    def test_what_is_no_budget_is_refused_at_the_start(self):
        for flag, text in (
            ("--messages-per-principal", "50"), ("--connects", "fast"), ("--joins-per-address", "-1/s burst 1"),
            ("--unlimited", "anyone"), ("--unlimited", "users"), ("--unlimited", "role"),
        ):
            with self.subTest(f"{flag} {text}"):
                done = self.run_hibiki("serve", f"{flag}={text}", "--print-config", check=False)
                self.assertNotEqual(done.returncode, 0)
                self.assertIn(flag[2:], done.stderr)

    @staticmethod
    def run_hibiki(*arguments, check=True):
        return subprocess.run(
            [binary(), *map(str, arguments)], check=check, capture_output=True, text=True, timeout=30)
