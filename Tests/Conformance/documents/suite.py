# SPDX-License-Identifier: Apache-2.0
# SPDX-FileCopyrightText: Hibiki contributors
"""Documents with unmodified editors of Yjs and with writers of operations: cuts, kills, who may do what, hostile bytes."""

import unittest

from documents import editing, hostile, kills, operations, rights, routes

TIMEOUT = 600
CLIENTS = True


def load_tests(loader, _tests, _pattern):
    return unittest.TestSuite(map(loader.loadTestsFromModule, (editing, operations, rights, routes, hostile, kills)))
