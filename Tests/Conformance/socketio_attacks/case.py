# SPDX-License-Identifier: Apache-2.0
# SPDX-FileCopyrightText: Hibiki contributors
"""Attacks on `ConformanceTarget`, whose neighbour is in a room of its Socket.IO server."""

from __future__ import annotations

from support.attack import MEGABYTE, Attack, Neighbour  # noqa: F401
from support.rawengine import ENGINE, EngineSocket, Polling
from support.rawsocketio import SocketClient
from support.rows import rows  # noqa: F401
from support.target import Target

ROOM = "neighbours"


class Member(Neighbour):
    def begin(self) -> None:
        self.client = SocketClient.joined(self.port)
        self.client.ask("join", ROOM)
        self.client.engine.connection.socket.settimeout(None)

    def hear(self) -> object:
        while True:
            event = self.client.event()
            if event[0] == "said":
                return event[1]

    def speak(self, number: int) -> None:
        """A newcomer says it."""
        speaker = SocketClient.joined(self.port)
        try:
            speaker.ask("say", ROOM, number)
        finally:
            speaker.close()

    def leave(self) -> None:
        try:
            self.client.engine.connection.finish_sending()
        finally:
            self.client.close()


class TargetAttack(Attack):
    server_kind = Target
    neighbour_kind = Member

    def websocket(self, path: str = ENGINE, **options) -> EngineSocket:
        return self.opened(EngineSocket.connect(self.port, path, **options))

    def polling(self, path: str = ENGINE, **options) -> Polling:
        return self.opened(Polling.open(self.port, path, **options))

    def client(self, **options) -> SocketClient:
        return self.opened(SocketClient.joined(self.port, **options))

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
