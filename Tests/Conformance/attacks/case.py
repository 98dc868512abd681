# SPDX-License-Identifier: Apache-2.0
# SPDX-FileCopyrightText: Hibiki contributors
"""What every attack is followed by: the server lives, a neighbour is served within a second, memory stayed bounded."""

from __future__ import annotations

import itertools
import pathlib
import queue
import socket
import threading
import time
from typing import Collection, Optional

from support.rawclient import Connection, Ended, statuses
from support.rawevents import publish
from support.rawwebsocket import CLOSE, Close, WebSocket, close_payload, frame
from support.rows import TableCase, rows  # noqa: F401
from support.server import Server

MEGABYTE = 1 << 20
TOPIC = "public/attacked"
NEIGHBOURS_TOPIC = "public/neighbour"


class Neighbour:
    """A subscriber on a connection of its own, which does nothing wrong and wants its events in time."""

    def __init__(self, port: int):
        self.port = port
        self.numbers = itertools.count(1)
        self.arrived: "queue.Queue[object]" = queue.Queue()
        self.socket = WebSocket.open(port)
        self.socket.ask({"type": "subscribe", "topic": NEIGHBOURS_TOPIC, "id": 1})
        self.socket.connection.socket.settimeout(None)
        threading.Thread(target=self.listen, daemon=True).start()

    def listen(self) -> None:
        try:
            while True:
                message = self.socket.read_json()
                if message is None:
                    raise Ended("closed")
                if message.get("type") == "event":
                    self.arrived.put(message["payload"])
        except Exception as error:
            self.arrived.put(error)

    def is_served(self, *, on_new_connection: bool = True) -> Optional[str]:
        """Publishes and waits a second; `None`, or what went wrong. Full servers are asked on the old connection."""
        number = next(self.numbers)
        started = time.monotonic()
        if on_new_connection:
            publish(self.port, NEIGHBOURS_TOPIC, number)
        else:
            self.socket.send_json({"type": "publish", "topic": NEIGHBOURS_TOPIC, "payload": number})
        try:
            got = self.arrived.get(timeout=max(0.0, started + 1 - time.monotonic()))
        except queue.Empty:
            return "the neighbour's event did not come within a second"
        return None if got == number else f"the neighbour got {got!r} instead of event {number}"

    def leave(self) -> None:
        try:
            self.socket.connection.socket.shutdown(socket.SHUT_RDWR)
        except OSError:
            pass
        self.socket.connection.close()


class AttackCase(TableCase):
    """Attacks on one server, started with `flags`. `memory` is how much its peak may grow in one attack, in bytes."""

    flags: tuple = ()
    memory = 32 * MEGABYTE
    server: Optional[Server] = None

    @classmethod
    def setUpClass(cls) -> None:
        cls.server = Server(*cls.flags).start()

    @classmethod
    def tearDownClass(cls) -> None:
        cls.server.stop()
        cls.server.close()

    def setUp(self) -> None:
        if not self.server.alive():
            type(self).setUpClass()
        self.neighbour = Neighbour(self.port)
        self.addCleanup(self.neighbour.leave)
        self.reset_peak()
        self.before = self.server.rss()

    def tearDown(self) -> None:
        if not self.server.alive():
            self.server.print_log(40)
            self.fail(f"the server ended with {self.server.process.returncode}")
        self.assert_neighbour_served()
        self.assert_memory_bounded()

    # What every attack is followed by

    def assert_neighbour_served(self, **options) -> None:
        self.assertIsNone(self.neighbour.is_served(**options))

    def assert_memory_bounded(self) -> None:
        grown = self.peak() - self.before
        self.assertLess(grown, self.memory, f"resident memory grew by {grown >> 10} KiB")

    def reset_peak(self) -> None:
        try:
            pathlib.Path(f"/proc/{self.server.pid}/clear_refs").write_text("5")
        except OSError:
            pass

    def peak(self) -> int:
        """The most memory that was resident since `reset_peak`; or, where none tells, what is resident now."""
        try:
            status = pathlib.Path(f"/proc/{self.server.pid}/status").read_text()
        except OSError:
            return self.server.rss()
        return next(int(line.split()[1]) << 10 for line in status.splitlines() if line.startswith("VmHWM:"))

    # Shorthand

    @property
    def port(self) -> int:
        return self.server.port

    @property
    def host(self) -> str:
        return f"127.0.0.1:{self.port}"

    def connect(self, **options) -> Connection:
        connection = Connection(self.port, **options)
        self.addCleanup(connection.close)
        return connection

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
