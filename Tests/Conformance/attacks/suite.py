# SPDX-License-Identifier: Apache-2.0
# SPDX-FileCopyrightText: Hibiki contributors
"""Hostile input, against the running server. Each attack has a stated outcome, and afterwards the server lives, another
connected client is served within a second, and memory stayed bounded (`support.attack`)."""

import pathlib
import sys
import unittest

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1]))

from attacks.compression import CompressionAttacks, CompressionNegotiation  # noqa: E402,F401
from attacks.exhaustion import Churn, FewConnections, FullHouse, Heartbeat, SlowClients  # noqa: E402,F401
from attacks.floods import ConnectionFloods  # noqa: E402,F401
from attacks.forged_positions import ForgedPositions  # noqa: E402,F401
from attacks.framing import ControlFrameFloods, FramingAttacks  # noqa: E402,F401
from attacks.handshake import HandshakeAttacks, OriginPolicy  # noqa: E402,F401
from attacks.http_limits import BodyLimits, HeadLimits  # noqa: E402,F401
from attacks.http_requests import OddRequests  # noqa: E402,F401
from attacks.json_messages import JSONOverHTTP, JSONOverWebSocket  # noqa: E402,F401
from attacks.queries import QueryAttacks  # noqa: E402,F401
from attacks.slow_reader import SlowReader  # noqa: E402,F401
from attacks.smuggling import SmugglingAttacks  # noqa: E402,F401

TIMEOUT = 420

if __name__ == "__main__":
    unittest.main()
