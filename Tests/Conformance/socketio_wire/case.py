# SPDX-License-Identifier: Apache-2.0
# SPDX-FileCopyrightText: Hibiki contributors
"""What the tests of the wire share: opening sessions that end with the test, and how a session is seen to end."""

from __future__ import annotations

from support.rawclient import Response
from support.rawengine import ENGINE, EngineSocket, Polling
from support.rawsocketio import SocketClient
from support.target import TargetCase

REFUSALS = {
    0: "Transport unknown",
    1: "Session ID unknown",
    2: "Bad handshake method",
    3: "Bad request",
    4: "Forbidden",
    5: "Unsupported protocol version",
}

QUICK = ("--ping-interval-ms", "300", "--ping-timeout-ms", "200")


class WireCase(TargetCase):
    def websocket(self, path: str = ENGINE, **options) -> EngineSocket:
        return self.opened(EngineSocket.connect(self.port, path, **options))

    def polling(self, path: str = ENGINE, **options) -> Polling:
        return self.opened(Polling.open(self.port, path, **options))

    def client(self, namespace: str = "/", auth: dict | None = None, **options) -> SocketClient:
        """Over WebSocket, joined to one namespace."""
        return self.opened(SocketClient.joined(self.port, namespace, auth, **options))

    def assert_closes(self, engine: EngineSocket, seconds: float = 2) -> list:
        """The server closes without a status, and ends the connection; gives the packets that came before."""
        packets, close = engine.until_close(seconds)
        self.assertIsNone(close.code, close)
        self.assertTrue(engine.connection.ends_within(2), "the connection was not ended after the Close frame")
        return packets

    def assert_echoes(self, engine: EngineSocket | Polling, text: str = "still there?") -> None:
        """The session is well: the echo server gives a message back."""
        engine.send("4" + text)
        self.assertEqual(engine.receive(), "4" + text)

    def assert_refused(self, response: Response, code: int, message: str | None = None) -> None:
        """The answer of a refusal over plain HTTP."""
        text = REFUSALS[code] if message is None else message
        self.assertEqual(response.status, 403 if code == 4 else 400, response.body[:200])
        self.assertEqual(response.header("content-type"), "application/json")
        self.assertEqual(response.body.decode(), f'{{"code":{code},"message":"{text}"}}')

    def assert_unknown(self, session: Polling) -> None:
        self.assert_refused(session.get(), 1)
