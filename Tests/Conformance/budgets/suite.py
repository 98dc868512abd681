# SPDX-License-Identifier: Apache-2.0
# SPDX-FileCopyrightText: Hibiki contributors
"""Budgets, against the running server: what is refused on every transport, that the time it says is the right one, and that
others are served."""

import pathlib
import sys
import unittest

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1]))

from budgets.commands import Bench, Publish  # noqa: E402,F401
from budgets.connects import Addresses, All, Proxied  # noqa: E402,F401
from budgets.guesses import Guesses  # noqa: E402,F401
from budgets.native import Native, NativeBytes, NativeJoins, Patience  # noqa: E402,F401
from budgets.over_http import Addressed, Defaults, Polls, Requests, Streams  # noqa: E402,F401
from budgets.principals import Principals, Unlimited  # noqa: E402,F401
from budgets.reloads import Reloads  # noqa: E402,F401
from budgets.sockets import Clients, Namespaces, SocketPatience, Sockets  # noqa: E402,F401

TIMEOUT = 240
CLIENTS = True

if __name__ == "__main__":
    unittest.main()
