# SPDX-License-Identifier: Apache-2.0
# SPDX-FileCopyrightText: Hibiki contributors
"""Real Socket.IO clients against ConformanceTarget: socket.io-client in Node and Chromium, python-socketio."""

import unittest

from socketio_clients import plain, python_clients, recovery

TIMEOUT = 180
CLIENTS = True


def load_tests(loader, _tests, _pattern):
    return unittest.TestSuite(map(loader.loadTestsFromModule, (plain, recovery, python_clients)))
