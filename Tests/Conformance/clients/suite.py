# SPDX-License-Identifier: Apache-2.0
# SPDX-FileCopyrightText: Hibiki contributors
"""Foreign clients against the server: curl, Python, Node, and all of them through nginx."""

import unittest

from clients import curl, node, proxy, python

TIMEOUT = 180
CLIENTS = True


def load_tests(loader, _tests, _pattern):
    return unittest.TestSuite(map(loader.loadTestsFromModule, (curl, python, node, proxy)))
