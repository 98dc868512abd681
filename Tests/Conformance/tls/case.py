# SPDX-License-Identifier: Apache-2.0
# SPDX-FileCopyrightText: Hibiki contributors
"""Attacks on a port that speaks TLS, whose neighbour follows a topic over it."""

import json
import queue
import re

from support.attack import Attack, Neighbour
from support.rawclient import request_bytes
from tls.authority import SecureConnection, SecureServer
from tls.frames import FrameClient

TOPIC = "public/neighbour"


class SecureNeighbour(Neighbour):
    def begin(self):
        self.connection = SecureConnection(self.port, self.context)
        self.connection.send(request_bytes(
            "GET", f"/v1/events?topic={TOPIC}", "localhost", (("Accept", "text/event-stream"),)))
        self.find(rb"event: connected\n")
        self.connection.socket.settimeout(None)

    def find(self, pattern):
        while True:
            found = re.search(pattern, bytes(self.connection.buffer))
            if found:
                del self.connection.buffer[:found.end()]
                return found
            self.connection.fill()

    def hear(self):
        return int(self.find(rb"data: (\d+)\n")[1])

    def speak(self, number):
        body = json.dumps({"topic": TOPIC, "event": "message", "payload": number}).encode()
        with SecureConnection(self.port, self.context) as connection:
            answer = connection.request("POST", "/v1/events", (("Content-Type", "application/json"),), body)
        assert answer.status == 200, answer

    def leave(self):
        """Waits for the reader to notice: its number of the socket may be another connection's a moment later."""
        self.connection.cut()
        try:
            while not isinstance(self.arrived.get(timeout=2)[1], Exception):
                pass
        except queue.Empty:
            pass
        self.connection.close()


class SecureAttack(Attack):
    server_kind = SecureServer

    def setUp(self):
        context = type(self).server.authority.context("http/1.1")
        self.neighbour_kind = type("Trusting", (SecureNeighbour,), {"context": context})
        super().setUp()

    def client(self, **options):
        return self.opened(FrameClient(self.server, **options))
