# SPDX-License-Identifier: Apache-2.0
# SPDX-FileCopyrightText: Hibiki contributors
"""The dashboard in a real browser, and everybody whom it has to keep out."""

import unittest

from admin import crowd, credential, outsiders, views

TIMEOUT = 420
CLIENTS = True


def load_tests(loader, _tests, _pattern):
    return unittest.TestSuite(map(loader.loadTestsFromModule, (credential, outsiders, views, crowd)))
