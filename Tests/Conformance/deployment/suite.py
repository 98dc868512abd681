# SPDX-License-Identifier: Apache-2.0
# SPDX-FileCopyrightText: Hibiki contributors
"""Proxies, the package, the service unit, the container and the doctor, with the files that people are given."""

import unittest

from deployment import container, doctor, package, proxies, unit

TIMEOUT = 600


def load_tests(loader, _tests, _pattern):
    modules = (proxies, doctor, unit, container, package)
    return unittest.TestSuite(map(loader.loadTestsFromModule, modules))
