# SPDX-License-Identifier: Apache-2.0
# SPDX-FileCopyrightText: Hibiki contributors
"""The service unit: as systemd reads it, and the server under the parts of it that can be had without systemd."""

import ctypes
import os
import pathlib
import re
import sys
import tempfile
import unittest

from deployment.files import DEPLOYMENT, changed, program, run
from support.case import ServerCase
from support.rawwebsocket import DEFLATE, WebSocket
from support.server import Server, binary

UNIT = DEPLOYMENT / "systemd" / "hibiki.service"
# prctl(2)
PR_SET_NO_NEW_PRIVS, PR_SET_MDWE, PR_MDWE_REFUSE_EXEC_GAIN = 38, 65, 1
# Runs the rest of its arguments in a process that may not make memory executable.
CONFINED = f"""
import ctypes, os, sys
libc = ctypes.CDLL(None, use_errno=True)
if libc.prctl({PR_SET_NO_NEW_PRIVS}, 1, 0, 0, 0) or libc.prctl({PR_SET_MDWE}, {PR_MDWE_REFUSE_EXEC_GAIN}, 0, 0, 0):
    sys.exit("the kernel cannot do that: " + os.strerror(ctypes.get_errno()))
os.execv(sys.argv[1], sys.argv[1:])
"""


def kernel_has_mdwe():
    """Whether the kernel knows PR_GET_MDWE, since Linux 6.3."""
    return ctypes.CDLL(None).prctl(PR_SET_MDWE + 1, 0, 0, 0, 0) >= 0


class Unit(unittest.TestCase):
    def setUp(self):
        self.directory = tempfile.TemporaryDirectory()
        self.addCleanup(self.directory.cleanup)
        self.path = pathlib.Path(self.directory.name) / "hibiki.service"
        # The binary of the package is not installed here, nor is its user.
        self.path.write_text(changed(
            UNIT.read_text(), ("ExecStart=/usr/bin/hibiki", f"ExecStart={binary()}"),
            ("Documentation=man:hibiki(1)\n", "")))

    def test_systemd_has_nothing_to_say_about_it(self):
        self.assertEqual(run(program("systemd-analyze"), "verify", "--man=no", self.path).strip(), "")

    def test_systemd_finds_little_that_the_service_could_do_beyond_its_work(self):
        told = run(program("systemd-analyze"), "security", "--offline=true", "--no-pager", self.path)
        exposure = float(re.search(r"Overall exposure level.*?: ([0-9.]+)", told).group(1))
        self.assertLess(exposure, 2.5, told)

    def test_the_command_and_the_settings_of_the_unit_are_those_of_the_package(self):
        command = re.search(r"^ExecStart=/usr/bin/hibiki (.*)$", UNIT.read_text(), re.MULTILINE).group(1).split()
        self.assertEqual(command, ["serve", "--config", "/etc/hibiki/hibiki.yaml"])
        told = run(binary(), *command[:2], DEPLOYMENT / "debian" / "hibiki.yaml", "--print-config")
        self.assertIn("production: true", told.splitlines())
        self.assertIn('host: "127.0.0.1"', told.splitlines())

    def test_the_service_may_take_longer_to_stop_than_connections_may_to_drain(self):
        told = run(binary(), "serve", "--print-config")
        drain = float(re.search(r"^drain: (.*)$", told, re.MULTILINE).group(1))
        allowed = float(re.search(r"^TimeoutStopSec=(.*)$", UNIT.read_text(), re.MULTILINE).group(1))
        self.assertGreater(allowed, drain + 5)


@unittest.skipUnless(os.path.exists("/proc/self/status") and kernel_has_mdwe(), "needs Linux 6.3")
class Confined(ServerCase):
    """MemoryDenyWriteExecute and NoNewPrivileges, as the kernel itself has them."""

    @classmethod
    def setUpClass(cls):
        command = [sys.executable, "-c", CONFINED, binary(), "serve", "--host", "127.0.0.1", "--port", "0"]
        cls.server = Server(command=command).start()
        cls.faults = 0

    def test_the_server_works_where_no_memory_becomes_executable(self):
        status = pathlib.Path(f"/proc/{self.server.pid}/status").read_text()
        self.assertIn("NoNewPrivs:\t1", status)
        with WebSocket.open(self.server.port, headers=DEFLATE) as one:
            one.send_json({"type": "subscribe", "topic": self.topic, "id": 1})
            self.assertEqual(one.read_json()["type"], "reply")
            self.publish({"text": "x" * 4_096})
            self.assertEqual(one.read_json()["payload"], {"text": "x" * 4_096})
