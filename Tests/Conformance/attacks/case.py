# SPDX-License-Identifier: Apache-2.0
# SPDX-FileCopyrightText: Hibiki contributors
"""Attacks on `hibiki serve`, whose neighbour follows a topic over WebSocket."""

from __future__ import annotations

import socket
from typing import Collection, Optional

from support.attack import MEGABYTE, Attack, Neighbour  # noqa: F401
from support.rawclient import Connection, Ended, statuses
from support.rawevents import publish
from support.rawwebsocket import CLOSE, Close, WebSocket, close_payload, frame
from support.rows import rows  # noqa: F401

TOPIC = "public/attacked"
NEIGHBOURS_TOPIC = "public/neighbour"


class Subscriber(Neighbour):
    def begin(self) -> None:
        self.socket = WebSocket.open(self.port)
        self.socket.ask({"type": "subscribe", "topic": NEIGHBOURS_TOPIC, "id": 1})
        self.socket.connection.socket.settimeout(None)

    def hear(self) -> object:
        while True:
            message = self.socket.read_json()
            if message is None:
                raise Ended("closed")
            if message.get("type") == "event":
                return message["payload"]

    def speak(self, number: int, *, on_new_connection: bool = True) -> None:
        """Publishes. Full servers are asked on the old connection."""
        if on_new_connection:
            publish(self.port, NEIGHBOURS_TOPIC, number)
        else:
            self.socket.send_json({"type": "publish", "topic": NEIGHBOURS_TOPIC, "payload": number})

    def leave(self) -> None:
        try:
            self.socket.connection.socket.shutdown(socket.SHUT_RDWR)
        except OSError:
            pass
        self.socket.connection.close()


class AttackCase(Attack):
    neighbour_kind = Subscriber

    @property
    def host(self) -> str:
        return f"127.0.0.1:{self.port}"

    def open(self, **options) -> WebSocket:
        opened = WebSocket.open(self.port, **options)
        self.addCleanup(opened.connection.close)
        return opened

    def assert_closes(self, opened: WebSocket, codes: Collection[Optional[int]], seconds: float = 5) -> Close:
        """The server closes with one of `codes`, and then ends the connection."""
        close = opened.read_close(seconds)
        self.assertIn(close.code, codes, close.reason)
        opened.connection.try_send(frame(CLOSE, close_payload(close.code) if close.code else b""))
        self.assertTrue(opened.connection.ends_within(3), "the connection was not ended after the Close frame")
        return close

    def assert_still_open(self, opened: WebSocket) -> None:
        answer = opened.ask({"type": "ping", "id": "still there?"})
        self.assertEqual(answer["type"], "reply", answer)

    def assert_refused(self, data: bytes, allowed: Collection[int], seconds: float = 5) -> bytes:
        """`data` gets exactly one answer, with one of the statuses `allowed`, and the connection ends."""
        connection = self.connect(timeout=seconds)
        connection.try_send(data)
        try:
            rest = connection.take_rest()
        except socket.timeout:
            self.fail(f"the connection was not ended; so far came {bytes(connection.buffer[:120])!r}")
        got = statuses(rest)
        self.assertEqual(len(got), 1, f"one answer was due: {rest[:400]!r}")
        self.assertIn(got[0], allowed, rest[:400])
        return rest

    def upgrade_status(self, request: bytes) -> "tuple[int, Connection, object]":
        """Sends a whole handshake; the status of the answer, the connection and the answer."""
        connection = self.connect()
        connection.try_send(request)
        response = connection.read_response()
        return response.status, connection, response
