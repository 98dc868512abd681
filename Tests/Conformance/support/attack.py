# SPDX-License-Identifier: Apache-2.0
# SPDX-FileCopyrightText: Hibiki contributors
"""What every attack is followed by: the server lives, a neighbour is served within a second, memory stayed bounded."""

from __future__ import annotations

import itertools
import pathlib
import queue
import threading
import time
from typing import Optional, Tuple

from support.rawclient import Connection
from support.rows import TableCase
from support.server import Server

MEGABYTE = 1 << 20
PATIENCE = 1.0
LATE = "what the neighbour waits for did not come within a second"


class Neighbour:
    """A client on a connection of its own, which does nothing wrong and wants its numbers in time.

    A kind of it has `begin`, which connects without a time limit for what comes, `hear`, which waits for the next number,
    `speak`, which lets somebody send one to it, and `leave`, which ends the waiting.
    """

    def __init__(self, port: int):
        self.port = port
        self.numbers = itertools.count(1)
        self.arrived: "queue.Queue[Tuple[float, object]]" = queue.Queue()
        self.begin()
        threading.Thread(target=self.listen, daemon=True).start()

    def listen(self) -> None:
        try:
            while True:
                number = self.hear()
                self.arrived.put((time.monotonic(), number))
        except Exception as error:
            self.arrived.put((time.monotonic(), error))

    def is_served(self, **options) -> Optional[str]:
        """Has the next number sent and waits a second; `None`, or what went wrong. `options` are those of `speak`."""
        number = next(self.numbers)
        deadline = time.monotonic() + PATIENCE
        self.speak(number, **options)
        came, got = 0.0, 0
        try:
            while isinstance(got, int) and got < number:    # an earlier one that was late may be there still
                came, got = self.arrived.get(timeout=max(0.0, deadline - time.monotonic()))
        except queue.Empty:
            return LATE
        if got != number:
            return f"the neighbour got {got!r} instead of {number}"
        return None if came <= deadline else LATE


class Attack(TableCase):
    """Attacks on one server, started with `flags`. `memory` is how much its peak may grow in one attack, in bytes.

    A kind of it names its `server_kind` and its `neighbour_kind`.
    """

    server_kind = Server
    neighbour_kind = Neighbour
    flags: tuple = ()
    memory = 32 * MEGABYTE
    server: Optional[Server] = None

    @classmethod
    def setUpClass(cls) -> None:
        cls.server = cls.server_kind(*cls.flags).start()

    @classmethod
    def tearDownClass(cls) -> None:
        cls.server.stop()
        cls.server.close()

    def setUp(self) -> None:
        if not self.server.alive():
            type(self).setUpClass()
        self.neighbour = self.neighbour_kind(self.port)
        self.addCleanup(self.neighbour.leave)
        self.reset_peak()
        self.before = self.server.rss()

    def tearDown(self) -> None:
        if not self.server.alive():
            self.server.print_log(40)
            self.fail(f"the server ended with {self.server.process.returncode}")
        self.assert_neighbour_served()
        self.assert_memory_bounded()

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

    def opened(self, thing):
        """Closes `thing` when the test is over, and returns it."""
        self.addCleanup(thing.close)
        return thing

    def connect(self, **options) -> Connection:
        return self.opened(Connection(self.port, **options))
