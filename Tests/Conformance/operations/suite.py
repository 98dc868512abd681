# SPDX-License-Identifier: Apache-2.0
# SPDX-FileCopyrightText: Hibiki contributors
"""What Prometheus and its tools make of the metrics, the alert rules and the dashboard; and what the log says."""

import unittest

from operations import logs, pages, scraping

TIMEOUT = 180


def load_tests(loader, _tests, _pattern):
    return unittest.TestSuite(map(loader.loadTestsFromModule, (logs, pages, scraping)))
