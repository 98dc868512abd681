# SPDX-License-Identifier: Apache-2.0
# SPDX-FileCopyrightText: Hibiki contributors
"""What Prometheus and its tools make of the metrics, the alert rules and the dashboard."""

import unittest

from operations import pages, scraping

TIMEOUT = 180


def load_tests(loader, _tests, _pattern):
    return unittest.TestSuite(map(loader.loadTestsFromModule, (pages, scraping)))
