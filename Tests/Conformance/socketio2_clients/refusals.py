# SPDX-License-Identifier: Apache-2.0
# SPDX-FileCopyrightText: Hibiki contributors
"""A server that was not told to allow clients of Socket.IO 2."""

from socketio.exceptions import ConnectionError as Refused

from socketio2_clients.talker import Loops, OldCase, Threads


class Refusals:
    flags = ()

    def test_polling(self):
        """is told over polling that its version is not supported"""
        with self.assertRaises(Refused) as caught:
            self.talker().connect("polling")
        status, body = caught.exception.__context__.args
        self.assertIn(" 400 ", status)
        self.assertEqual(body, {"code": 5, "message": "Unsupported protocol version"})

    def test_websocket(self):
        """is refused over WebSocket"""
        with self.assertRaises(Refused):
            self.talker().connect("websocket")


class InThreads(Threads, Refusals, OldCase):
    pass


class InALoop(Loops, Refusals, OldCase):
    pass
