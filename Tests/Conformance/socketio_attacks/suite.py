# SPDX-License-Identifier: Apache-2.0
# SPDX-FileCopyrightText: Hibiki contributors
"""What has broken Engine.IO and Socket.IO servers, against `ConformanceTarget`. Each attack has a stated outcome, and
afterwards the target lives, another client hears its message within a second, and memory stayed bounded
(`support.attack`). What the target does is told in `socketio_wire/suite.py`."""

import pathlib
import sys
import unittest

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1]))

from socketio_attacks.engine_bodies import BodiesOfProtocol3, BodiesWithoutProtocol3, EngineBodies  # noqa: E402,F401
from socketio_attacks.engine_requests import CredentialsAndOrigins, EarlyEndings, EngineRequests  # noqa: E402,F401
from socketio_attacks.engine_requests import WrongVersions, WrongVersionsBesideProtocol3  # noqa: E402,F401
from socketio_attacks.packet_floods import Attachments, PacketFloods  # noqa: E402,F401
from socketio_attacks.packet_forms import PacketForms  # noqa: E402,F401
from socketio_attacks.thefts import RecoveryThefts, Secrets  # noqa: E402,F401

TIMEOUT = 120

if __name__ == "__main__":
    unittest.main()
