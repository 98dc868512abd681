# SPDX-License-Identifier: Apache-2.0
# SPDX-FileCopyrightText: Hibiki contributors
"""People write on the page for documents, in real browsers, over networks that break."""

import unittest

from documents_page import connections, editing, page, writing

TIMEOUT = 400
CLIENTS = True


def load_tests(loader, _tests, _pattern):
    return unittest.TestSuite(map(loader.loadTestsFromModule, (writing, editing, connections, page)))
