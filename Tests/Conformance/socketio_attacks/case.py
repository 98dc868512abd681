# SPDX-License-Identifier: Apache-2.0
# SPDX-FileCopyrightText: Hibiki contributors
"""What every attack is followed by: the target lives, a neighbour hears its message within a second, memory stayed
bounded."""

from __future__ import annotations

import itertools
import queue
import threading
import time

from attacks.case import AttackCase
from support.rawengine import ENGINE, EngineSocket, Polling
from support.rawsocketio import SocketClient
from support.target import Target

ROOM = "neighbours"


class Neighbour:
    """A client on a connection of its own, which does nothing wrong and wants its messages in time."""

    def __init__(self, port: int):
        self.port = port
        self.numbers = itertools.count(1)
        self.arrived: "queue.Queue[object]" = queue.Queue()
        self.client = SocketClient.joined(port)
        self.client.ask("join", ROOM)
        self.client.engine.connection.socket.settimeout(None)
        threading.Thread(target=self.listen, daemon=True).start()

    def listen(self) -> None:
        try:
            while True:
                event = self.client.event()
                if event[0] == "said":
                    self.arrived.put(event[1])
        except Exception as error:
            self.arrived.put(error)

    def is_served(self) -> "str | None":
        """Lets a newcomer say something to the neighbour and waits a second; `None`, or what went wrong."""
        number = next(self.numbers)
        started = time.monotonic()
        speaker = SocketClient.joined(self.port)
        try:
            speaker.emit("say", ROOM, number)
            got = 0
            while isinstance(got, int) and got < number:    # one that came too late may be there still
                got = self.arrived.get(timeout=max(0.0, started + 1 - time.monotonic()))
        except queue.Empty:
            return "the neighbour's message did not come within a second"
        finally:
            speaker.close()
        return None if got == number else f"the neighbour got {got!r} instead of message {number}"

    def leave(self) -> None:
        try:
            self.client.engine.connection.finish_sending()
        finally:
            self.client.close()


class TargetAttack(AttackCase):
    """Attacks on one `ConformanceTarget`, started with `flags`."""

    @classmethod
    def setUpClass(cls) -> None:
        cls.server = Target(*cls.flags).start()

    def setUp(self) -> None:
        if not self.server.alive():
            type(self).setUpClass()
        self.neighbour = Neighbour(self.port)
        self.addCleanup(self.neighbour.leave)
        self.reset_peak()
        self.before = self.server.rss()

    # Shorthand

    def websocket(self, path: str = ENGINE, **options) -> EngineSocket:
        return self.opened(EngineSocket.connect(self.port, path, **options))

    def polling(self, path: str = ENGINE, **options) -> Polling:
        return self.opened(Polling.open(self.port, path, **options))

    def client(self, **options) -> SocketClient:
        return self.opened(SocketClient.joined(self.port, **options))

    def opened(self, thing):
        self.addCleanup(thing.close)
        return thing

    def assert_ended(self, engine: EngineSocket, codes=(None,), seconds: float = 5) -> list:
        """The server closes with one of `codes`, and ends the connection; gives the packets that came before."""
        packets, close = engine.until_close(seconds)
        self.assertIn(close.code, codes, close.reason)
        self.assertTrue(engine.connection.ends_within(3), "the connection was not ended after the Close frame")
        return packets

    def assert_echoes(self, engine) -> None:
        engine.send("4still there?")
        self.assertEqual(engine.receive(), "4still there?")

    def assert_forgotten(self, session: Polling) -> None:
        response = session.get()
        self.assertEqual((response.status, response.body), (400, b'{"code":1,"message":"Session ID unknown"}'))
