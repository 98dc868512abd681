# SPDX-License-Identifier: Apache-2.0
# SPDX-FileCopyrightText: Hibiki contributors
"""SIGHUP: what a server takes from its settings while it runs, and what it says about the rest."""

from __future__ import annotations

import json
import pathlib
import signal
import tempfile
import unittest
import urllib.error
import urllib.request

from support.server import Server, eventually

PAGE = "https://app.example.com"
UNREADABLE = "the settings cannot be read again; nothing has changed"


class Reloads(unittest.TestCase):
    def setUp(self):
        folder = tempfile.TemporaryDirectory(prefix="hibiki-reload-")
        self.addCleanup(folder.cleanup)
        self.file = pathlib.Path(folder.name) / "hibiki.json"

    def write(self, **settings) -> None:
        self.file.write_text(json.dumps({name.replace("_", "-"): value for name, value in settings.items()}))

    def server(self) -> Server:
        return Server("--no-demo", "--config", self.file)

    def reload(self, server: Server, **words: str) -> list[dict]:
        """What the server has logged since, once it has logged a line with all of `words`."""
        before = len(server.log())
        server.process.send_signal(signal.SIGHUP)
        eventually(
            lambda: any(words.items() <= line.items() for line in self.lines(server.log()[before:])), what=str(words))
        return self.lines(server.log()[before:])

    @staticmethod
    def lines(log: str) -> list[dict]:
        return [json.loads(line) for line in log.splitlines() if line.startswith("{")]

    def status(self, server: Server, path: str, **fields) -> int:
        request = urllib.request.Request(server.url + path, headers=fields)
        try:
            with urllib.request.urlopen(request, timeout=10) as answer:
                return answer.status
        except urllib.error.HTTPError as error:
            with error:
                return error.code

    def test_origins_and_limits_change_without_a_restart(self):
        self.write()
        with self.server() as server:
            for path in ("/v1/events?topic=public/a", "/livez"):
                self.assertEqual(self.status(server, path, Origin=PAGE), 403)
            self.write(allowed_origin=[PAGE], healthy_connections=1, max_head=512)
            self.reload(server, setting="max-head")
            eventually(lambda: self.status(server, "/livez", Origin=PAGE) == 204, what="the page may")
            eventually(lambda: self.status(server, "/v1/events?topic=public/a", Origin=PAGE) == 200, what="here too")
            self.assertEqual(self.status(server, "/livez", Long="x" * 600), 431)

    def test_what_changed_is_told_and_what_needs_a_restart_each_time(self):
        self.write()
        with self.server() as server:
            self.write(drain=7, log_events=5)
            for _ in range(2):
                self.reload(
                    server, level="warning", message="a setting has changed that needs a restart",
                    setting="log-events", **{"from": "1000", "to": "5"})
            drains = [line for line in self.lines(server.log()) if line.get("setting") == "drain"]
            self.assertEqual(
                [(line["level"], line["message"], line["from"], line["to"]) for line in drains],
                [("notice", "a setting has changed", "30", "7")])
            self.write()
            lines = self.reload(server, setting="drain")
            self.assertNotIn("log-events", [line.get("setting") for line in lines])
            self.reload(server, message="the settings are the same as before")

    def test_a_log_level_holds_for_what_is_logged_from_then_on(self):
        self.write()
        with self.server() as server:
            self.write(log_level="error")
            self.reload(server, setting="log-level")
            self.assertTrue(server.stop())
            self.assertNotIn("shutting down", server.log())

    def test_settings_that_cannot_be_read_change_nothing(self):
        self.write(allowed_origin=[PAGE])
        with self.server() as server:
            for text in ("{", '{"max-head":"many"}', '{"allowed-origin":["nonsense"]}'):
                with self.subTest(text):
                    self.file.write_text(text)
                    self.reload(server, message=UNREADABLE)
                    self.assertEqual(self.status(server, "/livez", Origin=PAGE), 204)
            self.file.unlink()
            self.reload(server, message=UNREADABLE)
            self.assertTrue(server.stop())
