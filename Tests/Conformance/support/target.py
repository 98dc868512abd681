# SPDX-License-Identifier: Apache-2.0
# SPDX-FileCopyrightText: Hibiki contributors
"""The Socket.IO server under test: `ConformanceTarget`, a program with the handlers that the suites expect.

The program is HIBIKI_CONFORMANCE_TARGET, or else `.build/release/ConformanceTarget` of this checkout. It prints its
address, `http://127.0.0.1:PORT`, on a line of its own, and ends by itself after SIGTERM.
"""

import os
import pathlib
import re
import signal

from support.case import ServerCase
from support.rows import TableCase
from support.server import ROOT, Server, ServerError, eventually

ADDRESS = re.compile(r"http://(127\.0\.0\.1):(\d+)")


def target_binary():
    """The path of the program; an error says how to make it."""
    named = os.environ.get("HIBIKI_CONFORMANCE_TARGET")
    path = pathlib.Path(named or ROOT / ".build" / "release" / "ConformanceTarget").absolute()
    if not os.access(path, os.X_OK):
        raise ServerError(f"{path} is not there: build it with 'swift build -c release --product ConformanceTarget'")
    return str(path)


class Target(Server):
    """One `ConformanceTarget` on a free port of 127.0.0.1, started with further `flags`."""

    def __init__(self, *flags, **options):
        super().__init__(*flags, command=[target_binary(), "--port", "0"], **options)

    def _wait_for_address(self):
        found = eventually(self._address_or_end, timeout=self.start_timeout, what="an address on standard output")
        self.host, self.port = found.group(1), int(found.group(2))

    def _address_or_end(self):
        ended = not self.alive()
        found = ADDRESS.search(self.log())
        if not found and ended:
            raise ServerError(f"the target ended with {self.process.returncode}:\n{self.log()}")
        return found

    def stop(self):
        """True when it went after SIGTERM, by its own way or by the signal's; a crash or a hang is False."""
        return super().stop() or self.process.returncode == -signal.SIGTERM


class TargetCase(TableCase, ServerCase):
    """One `ConformanceTarget` for the tests of a class, started with the class's `flags`."""

    flags = ()

    @classmethod
    def setUpClass(cls):
        cls.server = Target(*cls.flags).start()
        cls.faults = 0

    @property
    def port(self):
        return self.server.port

    def opened(self, thing):
        """Closes `thing` when the test is over, and returns it."""
        self.addCleanup(thing.close)
        return thing
