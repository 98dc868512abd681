# SPDX-License-Identifier: Apache-2.0
# SPDX-FileCopyrightText: Hibiki contributors
"""socket.io-client with a server that is stopped in good order and started again."""

import json
import tempfile
import unittest
import urllib.request

from clients.bundles import place
from socketio_clients.players import SCRIPTS, WWW
from support.lines import Lines
from support.server import Server


class Restarts(unittest.TestCase):
    def setUp(self):
        folder = tempfile.TemporaryDirectory(prefix="hibiki-restart-")
        self.addCleanup(folder.cleanup)
        self.data = folder.name
        self.server = None
        self.start(0)
        self.addCleanup(self.end)

    def start(self, port):
        self.server = Server("--port", port, "--data", self.data, "--socketio-recovery", "--reconnect-delay", 1,
                             "--no-demo").start()

    def end(self):
        self.server.stop()
        self.server.close()

    def restart(self):
        port = self.server.port
        self.assertTrue(self.server.stop())
        self.server.close()
        self.start(port)
        for number in (4, 5, 6):
            event = {"topic": "public/deployed", "event": "numbered", "payload": number}
            urllib.request.urlopen(f"{self.server.url}/v1/events", json.dumps(event).encode(), timeout=10).close()

    def play(self, version, **options):
        setting = {"direct": self.server.url, "linked": self.server.url, "options": options}
        with Lines("node", "-r", SCRIPTS / "globals.cjs", SCRIPTS / "main.mjs", place(WWW, version), "restarts.mjs",
                   "deployed", json.dumps(setting)) as lines:
            while (line := lines.next(timeout=60)) != "done":
                if line is None:
                    self.fail("\n" + "\n".join(lines.seen[:-1]))
                if line == "link restart":
                    self.restart()

    def test_websocket(self):
        """socket.io-client 4.8.1 in Node: is the same socket after a deploy, over WebSocket"""
        self.play("4.8.1", transports=["websocket"])

    def test_polling(self):
        """socket.io-client 4.8.1 in Node: is the same socket after a deploy, by polling"""
        self.play("4.8.1", transports=["polling"])

    def test_both(self):
        """socket.io-client 4.8.1 in Node: is the same socket after a deploy, after an upgrade"""
        self.play("4.8.1")
