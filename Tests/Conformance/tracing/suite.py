# SPDX-License-Identifier: Apache-2.0
# SPDX-FileCopyrightText: Hibiki contributors
"""Traces, from the `traceparent` of a client through the server to those whom it asks, as a collector gets them."""

import pathlib
import sys
import unittest

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1]))

from tracing.delivery import Delivery  # noqa: E402,F401
from tracing.traces import KeySetTraces, Traces, Unsampled  # noqa: E402,F401

TIMEOUT = 180

if __name__ == "__main__":
    unittest.main()
