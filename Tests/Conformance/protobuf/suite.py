# SPDX-License-Identifier: Apache-2.0
# SPDX-FileCopyrightText: Hibiki contributors
"""What is said in Protocol Buffers, by protoc's reading of Proto/hibiki.proto, is what is said in JSON."""

import pathlib
import sys
import unittest

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1]))

from protobuf.conversations import Conversations  # noqa: E402,F401
from protobuf.rooms import Rooms  # noqa: E402,F401

if __name__ == "__main__":
    unittest.main()
