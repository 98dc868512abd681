# SPDX-License-Identifier: Apache-2.0
# SPDX-FileCopyrightText: Hibiki contributors
"""Clients that are cut and come back, for the tests of recovery."""

from __future__ import annotations

from typing import List, Tuple

from socketio_wire.case import WireCase
from support.rawsocketio import ACK, CONNECT, SocketClient, compact

NEVER_GIVEN = "AAAAAAAAAAAAAAAAAAAA"
MARK = 9_999


class RecoveryCase(WireCase):
    flags = ("--recovery",)

    def setUp(self):
        super().setUp()
        self.watcher = self.client()
        self.watcher.ask("join", "watchers")
        self.speaker = self.client()

    def member(self, room: str = "news") -> "Traveller":
        traveller = Traveller(self.opened(SocketClient.websocket(self.port)))
        traveller.client.ask("join", room)
        self.speaker.emit("say", room, "first")
        traveller.hear(["said", "first"])
        return traveller

    def say(self, *arguments, room: str = "news") -> None:
        self.speaker.emit("say", room, *arguments)

    def await_gone(self, sid: str) -> None:
        """Waits until the server has noticed that a socket went."""
        while self.watcher.event()[:2] != ["gone", sid]:
            pass

    def cut(self, traveller: "Traveller") -> None:
        traveller.client.engine.connection.reset()
        self.await_gone(traveller.sid)

    def settle(self) -> None:
        """All that was said before has been published."""
        self.speaker.ask("whoami")

    def back(self, pid, offset=None, *, polling: bool = False, **auth) -> Tuple[List[list], dict, SocketClient]:
        """Comes back with these credentials: the replayed events, which follow the reply, its object, the client."""
        open_one = SocketClient.polling if polling else SocketClient.websocket
        client = self.opened(open_one(self.port))
        credentials = {"pid": pid, "offset": offset, **auth}
        client.send("0" + compact({name: value for name, value in credentials.items() if value is not None}))
        reply = client.message()
        if reply.type != CONNECT:
            raise AssertionError(f"the reply comes first, not {reply}")
        client.emit("whoami", id=MARK)
        events = []
        while (message := client.message()).type != ACK:
            events.append(message.data)
        # The handler greets a socket that has come back like any other.
        return events[:-1], reply.data, client

    def assert_new(self, pid, offset, old_sid: str) -> None:
        replayed, reply, client = self.back(pid, offset)
        self.assertEqual(replayed, [])
        self.assertNotEqual(reply["sid"], old_sid)
        self.assertNotEqual(reply["pid"], pid)
        self.assertIs(client.ask("whoami")[0]["recovered"], False)


class Traveller:
    """A client that notes the offset of each event, as the official one does."""

    def __init__(self, client: SocketClient):
        self.client = client
        reply = client.connect()
        self.sid, self.pid = reply["sid"], reply["pid"]
        self.offset = client.greeting.data[-1]

    def hear(self, expected: list) -> None:
        *event, offset = self.client.event()
        if event != expected or not isinstance(offset, str):
            raise AssertionError(f"{expected} with an offset expected, not {event + [offset]}")
        self.offset = offset
