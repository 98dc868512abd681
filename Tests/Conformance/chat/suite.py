# SPDX-License-Identifier: Apache-2.0
# SPDX-FileCopyrightText: Hibiki contributors
"""The chat with real clients: rooms over socket.io-client, who may do what, who was taken out, and a server that is killed while
people write."""

import unittest

from chat import kills, roles, rooms, silence

TIMEOUT = 600
CLIENTS = True


def load_tests(loader, _tests, _pattern):
    return unittest.TestSuite(map(loader.loadTestsFromModule, (rooms, roles, silence, kills)))
