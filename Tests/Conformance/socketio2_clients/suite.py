# SPDX-License-Identifier: Apache-2.0
# SPDX-FileCopyrightText: Hibiki contributors
"""Clients of Socket.IO 2, which speak Engine.IO 3, against ConformanceTarget: python-socketio 4."""

import unittest

from socketio2_clients import conversations, heartbeats, refusals

TIMEOUT = 120
CLIENTS = "socketio2"


def load_tests(loader, _tests, _pattern):
    return unittest.TestSuite(map(loader.loadTestsFromModule, (conversations, heartbeats, refusals)))
