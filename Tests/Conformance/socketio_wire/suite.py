# SPDX-License-Identifier: Apache-2.0
# SPDX-FileCopyrightText: Hibiki contributors
"""Engine.IO and Socket.IO to the byte, against `ConformanceTarget`.

What the target does, beside the flags that set the options of the same names (all of them hold for both engines):

- `/engine.io/`: a bare engine that sends every message back.
- `/socket.io/` (`--path`): the namespaces `/`, `/custom`, `/app` and `/admin`. `/` and `/custom` greet with
  `auth` and `handshake.auth`, `/app` with `hello`; `/app` answers `ask` with its arguments; `/admin` refuses with
  `denied` and `{"code":7}` whoever has no `auth.token` of `ok`.
- On `/`: `message` is answered by `message-back`; `message-with-ack` acks its arguments; `join` and `leave` (room)
  ack; `say` (room, arguments…) sends `said` to all in the room, the sender too if it is there.
- `disconnect-me` (close) disconnects the socket, and with `true` the connection.
- `ask-me` (event, arguments…) emits that event to the same socket, awaits its ack, and emits `asked` with the answer.
- `whoami` acks `{"id", "rooms", "recovered", "auth"}`.
- `broadcast` (options, event, arguments…) emits to `to` (rooms, or all) without `except`, to the sender too unless
  `self` is false, `volatile` if that is true; with `timeout` (milliseconds) it gathers acks. It acks
  `{"responses": […], "timedOut": …}`.
- When a socket of `/` is disconnected, the room `watchers` gets `gone` (id, reason).
- `allowRequest` refuses a handshake whose query has `forbid`. `--no-upgrades` and `--transports NAME[,NAME]` are
  `allowUpgrades: false` and `transports`.
"""

import pathlib
import sys
import unittest

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1]))

from socketio_wire.engine_frames import EngineFrames  # noqa: E402,F401
from socketio_wire.handshakes import AnotherPath, Handshakes, PollingAlone  # noqa: E402,F401
from socketio_wire.handshakes import WebSocketAlone, WithoutUpgrades  # noqa: E402,F401
from socketio_wire.heartbeats import Heartbeats  # noqa: E402,F401
from socketio_wire.long_polling import AtTheSameTime, Bodies, Compression, Endings, JSONP  # noqa: E402,F401
from socketio_wire.namespaces import AfterTheLast, ConnectTimeout, Joining, Leaving, Reasons  # noqa: E402,F401
from socketio_wire.options import Cookies, LargestMessage, OtherOrigins  # noqa: E402,F401
from socketio_wire.packed_packets import PackedPackets  # noqa: E402,F401
from socketio_wire.packets import BeforeConnect, Packets  # noqa: E402,F401
from socketio_wire.protocol3 import OldHeartbeat, Protocol3, SocketIO2  # noqa: E402,F401
from socketio_wire.public_suites import EngineSuite, SocketSuite  # noqa: E402,F401
from socketio_wire.recovery import Offsets, Recovery, RecoveryAfterSilence, WithoutRecovery  # noqa: E402,F401
from socketio_wire.refusals import Refusals  # noqa: E402,F401
from socketio_wire.rooms import Acks, Broadcasts, Rooms  # noqa: E402,F401
from socketio_wire.upgrades import SlowUpgrades, Upgrades, UpgradesUnderHeartbeat  # noqa: E402,F401

TIMEOUT = 120

if __name__ == "__main__":
    unittest.main()
