# SPDX-License-Identifier: Apache-2.0
# SPDX-FileCopyrightText: Hibiki contributors
"""The heartbeat: the server pings, the client must answer, and one deadline holds over every transport."""

from __future__ import annotations

import time

from socketio_wire.case import QUICK, WireCase
from support.rawengine import SOCKETS, EngineSocket
from support.rawsocketio import SocketClient
from support.server import eventually

INTERVAL, TIMEOUT = 0.3, 0.2
EARLY, LATE = 0.02, 0.4     # how much sooner than told, and how much later, a timer may be seen to fire


class Heartbeats(WireCase):
    flags = QUICK

    def assert_took(self, started: float, expected: float) -> None:
        took = time.monotonic() - started
        self.assertGreaterEqual(took, expected - EARLY)
        self.assertLess(took, expected + LATE)

    def test_the_times_are_told_in_the_open_packet(self):
        handshake = self.polling().handshake
        self.assertEqual((handshake["pingInterval"], handshake["pingTimeout"]), (300, 200))

    def test_a_websocket_is_pinged_an_interval_after_each_pong(self):
        started = time.monotonic()
        opened = self.websocket()
        for _ in range(2):
            self.assertEqual(opened.packet(), "2")
            self.assert_took(started, INTERVAL)
            time.sleep(TIMEOUT / 2)     # a slow client: the interval counts from its answer
            started = time.monotonic()
            opened.send("3")
        self.assertEqual(opened.packet(), "2")
        self.assert_took(started, INTERVAL)

    def test_a_websocket_that_never_answers_is_closed_after_interval_and_timeout(self):
        started = time.monotonic()
        opened = self.websocket()
        self.assertEqual(self.assert_closes(opened), ["2"])
        self.assert_took(started, INTERVAL + TIMEOUT)

    def test_a_client_that_sends_nothing_but_its_pongs_stays(self):
        opened = self.websocket()
        for _ in range(3):
            self.assertEqual(opened.packet(), "2")
            opened.send("3")
        self.assert_echoes(opened)

    def test_a_poll_brings_the_ping(self):
        started = time.monotonic()
        session = self.polling()
        for _ in range(2):
            self.assertEqual(session.poll(), ["2"])
            self.assert_took(started, INTERVAL)
            started = time.monotonic()
            session.send("3")
        self.assert_echoes(session)

    def test_a_polling_session_that_never_answers_is_forgotten(self):
        started = time.monotonic()
        session = self.polling()
        self.assertEqual(session.poll(), ["2"])
        with session.hang() as hanging:
            self.assertLess(hanging.read_response().status, 500)
            self.assert_took(started, INTERVAL + TIMEOUT)
        self.assert_unknown(session)

    def test_a_polling_session_that_never_polls_is_forgotten(self):
        session = self.polling()
        time.sleep(INTERVAL + TIMEOUT)      # silence is what is tested
        eventually(lambda: session.get().status == 400, timeout=LATE, what="the end of the session")

    def test_the_deadline_survives_an_upgrade(self):
        session = self.polling()
        self.assertEqual(session.poll(), ["2"])
        started = time.monotonic()
        opened = self.opened(EngineSocket.connect(self.port, sid=session.sid))
        opened.send("2probe")
        self.assertEqual(opened.packet(), "3probe")
        opened.send("5")
        packets = self.assert_closes(opened)
        self.assertLess(time.monotonic() - started, INTERVAL + TIMEOUT + LATE)
        self.assertIn(packets, ([], ["2"]))

    def test_a_socket_is_disconnected_when_its_engine_times_out(self):
        client = SocketClient.joined(self.port)
        self.addCleanup(client.close)
        packets = self.assert_closes(client.engine)
        self.assertEqual(packets, ["2"])

    def test_the_heartbeat_runs_on_under_traffic(self):
        opened = self.websocket(SOCKETS)
        opened.send("40")
        pings, until = 0, time.monotonic() + 0.9
        while time.monotonic() < until:
            opened.send('42["message",1]')
            packet = opened.packet()
            if packet == "2":
                pings += 1
                opened.send("3")
        self.assertGreaterEqual(pings, 2)
