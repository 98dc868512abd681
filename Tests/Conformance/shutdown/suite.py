# SPDX-License-Identifier: Apache-2.0
# SPDX-FileCopyrightText: Hibiki contributors
"""How a server stops and comes back: what it tells each client, and what outlives it."""

import unittest

from shutdown import deploys, managers, reloads, stops

TIMEOUT = 300


def load_tests(loader, _tests, _pattern):
    return unittest.TestSuite(map(loader.loadTestsFromModule, (stops, deploys, managers, reloads)))
