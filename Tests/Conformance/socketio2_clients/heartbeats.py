# SPDX-License-Identifier: Apache-2.0
# SPDX-FileCopyrightText: Hibiki contributors
"""Clients of Socket.IO 2 ping, and the server answers."""

import logging

from clients.link import Link
from socketio2_clients.talker import Loops, OldCase, Threads
from support.server import eventually

INTERVAL, TIMEOUT = 0.2, 0.5


class Packets(logging.Handler):
    """What a client says in its log about the packets that it sends and receives."""

    def __init__(self):
        super().__init__()
        self.lines = []
        self.logger = logging.Logger("engineio", logging.INFO)
        self.logger.addHandler(self)

    def emit(self, record):
        self.lines.append(record.getMessage())

    def count(self, words):
        return sum(line.startswith(words) for line in self.lines)


class Heartbeats:
    flags = (*OldCase.flags, "--ping-interval-ms", f"{INTERVAL * 1000:.0f}", "--ping-timeout-ms", f"{TIMEOUT * 1000:.0f}")

    def test_pings(self):
        """pings, is answered, and stays far longer than without"""
        beats = 2 * round((INTERVAL + TIMEOUT) / INTERVAL)
        for transport in ("websocket", "polling"):
            with self.subTest(transport=transport):
                packets = Packets()
                talker = self.talker(engineio_logger=packets.logger).connect(transport)
                number = talker.client.sid
                eventually(lambda: packets.count("Received packet PONG") >= beats, what=f"{beats} answered pings")
                self.assertEqual(packets.count("Received packet PING"), 0)
                self.assertEqual(talker.client.call("whoami")["id"], number)
                self.assertEqual(talker.heard("disconnect"), [])

    def test_silence(self):
        """is given up by the server when it falls silent"""
        watcher = self.talker().connect()
        watcher.client.call("join", "watchers")
        for transport in ("websocket", "polling"):
            with self.subTest(transport=transport), Link(self.port) as link:
                talker = self.talker(port=link.port).connect(transport)
                number = talker.client.sid
                link.freeze()
                self.assertEqual(self.reason(watcher, number), "ping timeout")
                link.cut()
                talker.take("disconnect")

    @staticmethod
    def reason(watcher, number):
        """Why a client has gone. The clients of an earlier test may be going still."""
        while True:
            who, reason = watcher.take("gone")
            if who == number:
                return reason


class InThreads(Threads, Heartbeats, OldCase):
    pass


class InALoop(Loops, Heartbeats, OldCase):
    pass
