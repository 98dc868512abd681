# SPDX-License-Identifier: Apache-2.0
# SPDX-FileCopyrightText: Hibiki contributors
"""Uploads by a foreign client of tus and by raw requests: cut, killed and resumed, downloaded in parts, attacked, a thousand at once,
and stored in a bucket."""

import pathlib
import sys
import unittest

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1]))

from uploads.attacks import Attacks  # noqa: E402,F401
from uploads.buckets import Buckets  # noqa: E402,F401
from uploads.crowd import Crowd  # noqa: E402,F401
from uploads.downloads import Downloads  # noqa: E402,F401
from uploads.owners import Owners  # noqa: E402,F401
from uploads.pictures import Pictures, Scanned  # noqa: E402,F401
from uploads.protocol import Protocol  # noqa: E402,F401
from uploads.resuming import Resuming  # noqa: E402,F401

TIMEOUT = 600

if __name__ == "__main__":
    unittest.main()
