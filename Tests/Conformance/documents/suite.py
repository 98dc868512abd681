# SPDX-License-Identifier: Apache-2.0
# SPDX-FileCopyrightText: Hibiki contributors
"""Documents with unmodified editors of Yjs: edits through cuts and kills, who may do what, and hostile bytes."""

import unittest

from documents import editing, hostile, kills, rights, routes

TIMEOUT = 600
CLIENTS = True


def load_tests(loader, _tests, _pattern):
    return unittest.TestSuite(map(loader.loadTestsFromModule, (editing, rights, routes, hostile, kills)))
