# SPDX-License-Identifier: Apache-2.0
# SPDX-FileCopyrightText: Hibiki contributors
"""Real Socket.IO clients: socket.io-client in Node and Chromium, python-socketio."""

import unittest

from socketio_clients import plain, python_clients, recovery, restarts

TIMEOUT = 180
CLIENTS = True


def load_tests(loader, _tests, _pattern):
    return unittest.TestSuite(map(loader.loadTestsFromModule, (plain, recovery, restarts, python_clients)))
