# SPDX-License-Identifier: Apache-2.0
# SPDX-FileCopyrightText: Hibiki contributors
"""What a service manager hears: the datagrams of sd_notify(3)."""

from __future__ import annotations

import os
import pathlib
import signal
import socket
import tempfile
import time
import unittest

from support.server import Server

WATCHDOG = 0.4


class Manager:
    """A datagram socket, as systemd has one."""

    def __init__(self, name: str):
        self.name = name
        self.socket = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)
        self.socket.bind("\0" + name[1:] if name.startswith("@") else name)
        self.socket.settimeout(10)

    def hear(self) -> dict:
        text = self.socket.recv(4096).decode()
        return dict(line.split("=", 1) for line in text.split("\n"))

    def hear_until(self, name: str) -> dict:
        while True:
            heard = self.hear()
            if name in heard:
                return heard

    def server(self, *arguments, **environment) -> Server:
        return Server("--no-demo", *arguments, environment={"NOTIFY_SOCKET": self.name, **environment})

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.socket.close()


class Managers(unittest.TestCase):
    def setUp(self):
        folder = tempfile.TemporaryDirectory(prefix="hibiki-notify-")
        self.addCleanup(folder.cleanup)
        self.folder = pathlib.Path(folder.name)

    def life(self, name: str) -> None:
        with Manager(name) as manager, manager.server() as server:
            heard = manager.hear()
            self.assertEqual(heard, {"READY": "1", "STATUS": f"Listening on {server.url}"})
            before = time.clock_gettime_ns(time.CLOCK_MONOTONIC) // 1000
            server.process.send_signal(signal.SIGHUP)
            reloading = manager.hear()
            self.assertEqual(reloading["RELOADING"], "1")
            self.assertGreaterEqual(int(reloading["MONOTONIC_USEC"]), before)
            self.assertEqual(manager.hear()["READY"], "1")
            server.process.send_signal(signal.SIGTERM)
            self.assertEqual(manager.hear(), {"STOPPING": "1", "STATUS": "Ending 0 connections"})
            self.assertEqual(server.process.wait(10), 0)

    def test_hears_the_whole_life_of_a_server(self):
        self.life(str(self.folder / "notify"))

    @unittest.skipUnless(os.uname().sysname == "Linux", "abstract sockets are Linux' own")
    def test_hears_it_over_an_abstract_socket(self):
        self.life(f"@hibiki-test-{os.getpid()}")

    def test_hears_a_sign_of_life_twice_in_the_time_that_it_waits(self):
        with Manager(str(self.folder / "notify")) as manager:
            with manager.server(WATCHDOG_USEC=str(int(WATCHDOG * 1_000_000))):
                manager.hear_until("WATCHDOG")
                began = time.monotonic()
                for _ in range(10):
                    manager.hear_until("WATCHDOG")
                # Never faster than half of the time; slower only as a busy machine is.
                self.assertGreater(time.monotonic() - began, 10 * WATCHDOG / 2 * 0.9)

    def test_hears_none_that_was_asked_of_another_process(self):
        with Manager(str(self.folder / "notify")) as manager:
            with manager.server(WATCHDOG_USEC="50000", WATCHDOG_PID="1") as server:
                self.assertIn("READY", manager.hear())
                manager.socket.settimeout(0.5)
                with self.assertRaises(socket.timeout):
                    manager.hear()
                self.assertTrue(server.alive())

    def test_a_manager_that_is_gone_stops_nobody(self):
        with Server("--no-demo", environment={"NOTIFY_SOCKET": str(self.folder / "gone")}) as server:
            self.assertTrue(server.stop())
