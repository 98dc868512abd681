# SPDX-License-Identifier: Apache-2.0
# SPDX-FileCopyrightText: Hibiki contributors
"""A real browser on the demo page, and the web clients in it and in Node, against a running server."""

import unittest

from browser import demo_page, web_clients

TIMEOUT = 240
CLIENTS = True


def load_tests(loader, _tests, _pattern):
    return unittest.TestSuite(map(loader.loadTestsFromModule, (demo_page, web_clients)))
