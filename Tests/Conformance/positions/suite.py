# SPDX-License-Identifier: Apache-2.0
# SPDX-FileCopyrightText: Hibiki contributors
"""A client that changes transport and is cut loses nothing, gets nothing twice, and is told when the log is gone."""

import pathlib
import sys
import unittest

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1]))

from positions.gaps import Restart, Truncation  # noqa: E402,F401
from positions.idempotence import IdempotentPublishing  # noqa: E402,F401
from positions.journeys import PositionProperty, SeveralTopics  # noqa: E402,F401

TIMEOUT = 240

if __name__ == "__main__":
    unittest.main()
