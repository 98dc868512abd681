# SPDX-License-Identifier: Apache-2.0
# SPDX-FileCopyrightText: Hibiki contributors
"""From long polling to WebSocket: the probe, the swap, and everything that may go wrong between."""

from __future__ import annotations

import time

from socketio_wire.case import QUICK, WireCase
from support.rawclient import Connection
from support.rawengine import ENGINE, EngineSocket, Polling
from support.rawsocketio import SocketClient
from support.rawwebsocket import RSV2, TEXT, frame, upgrade_request
from support.rows import rows
from support.server import eventually

SPOILING = {
    "a message instead of the probe closes the candidate": "4hello",
    "a probe with another word closes the candidate": "2other",
    "a bare ping closes the candidate": "2",
    "a pong closes the candidate": "3probe",
    "a goodbye closes the candidate": "1",
    "an unknown packet closes the candidate": "abc",
    "binary closes the candidate": b"\x01",
}


class UpgradeCase(WireCase):
    def candidate(self, session: Polling) -> EngineSocket:
        return self.opened(EngineSocket.connect(self.port, session.path, sid=session.sid))

    def probed(self, session: Polling) -> EngineSocket:
        opened = self.candidate(session)
        opened.send("2probe")
        self.assertEqual(opened.packet(), "3probe")
        return opened

    def upgraded(self) -> "tuple[Polling, EngineSocket]":
        session = self.polling()
        opened = self.probed(session)
        opened.send("5")
        self.assert_echoes(opened)
        return session, opened


class Upgrades(UpgradeCase):
    def test_a_session_moves_to_websocket(self):
        session, opened = self.upgraded()
        opened.send(b"\x01\x02")
        self.assertEqual(opened.receive(), b"\x01\x02")

    def test_a_hanging_poll_is_ended_with_a_noop_after_the_probe(self):
        session = self.polling()
        with session.hang() as hanging:
            opened = self.probed(session)
            answer = hanging.read_response()
            self.assertEqual((answer.status, answer.body), (200, b"6"))
        opened.send("5")
        self.assert_echoes(opened)

    def test_polls_are_ended_every_100_ms_while_the_upgrade_waits(self):
        session = self.polling()
        opened = self.probed(session)
        started = time.monotonic()
        for _ in range(4):
            self.assertEqual(session.poll(), ["6"])
        took = time.monotonic() - started
        self.assertGreater(took, 0.28)
        self.assertLess(took, 0.8)
        opened.send("5")
        self.assert_echoes(opened)

    def test_nothing_but_the_probe_comes_on_the_websocket_before_the_swap(self):
        session = self.polling()
        opened = self.probed(session)
        session.send("4one", "4two")
        opened.send("5")
        self.assertEqual([opened.receive(), opened.receive()], ["4one", "4two"])

    def test_messages_during_the_upgrade_come_once_and_in_order(self):
        session = self.polling()
        opened = self.candidate(session)
        received = []
        session.send("40")
        opened.send("2probe")
        session.send("41")
        received += self.messages(session)
        session.send("42")
        self.assertEqual(opened.packet(), "3probe")
        session.send("43")
        received += self.messages(session)
        session.send("44", "45")
        opened.send("5", "46")
        while len(received) < 7:
            received.append(opened.receive())
        self.assertEqual(received, [f"4{number}" for number in range(7)])

    def messages(self, session):
        return [packet for packet in session.poll() if packet != "6"]

    def test_a_post_after_the_probe_is_still_taken(self):
        session = self.polling()
        opened = self.probed(session)
        self.assertEqual(session.post("4late").body, b"ok")
        opened.send("5")
        self.assertEqual(opened.receive(), "4late")

    def test_polling_is_refused_with_code_3_after_the_upgrade(self):
        session, opened = self.upgraded()
        self.assert_refused(session.get(), 3)
        self.assert_refused(session.post("4x"), 3)
        self.assert_echoes(opened)

    def test_a_poll_that_hangs_at_the_swap_is_answered(self):
        session = self.polling()
        opened = self.candidate(session)
        with session.hang() as hanging:
            opened.send("2probe", "5")
            answer = hanging.read_response()
            self.assertIn((answer.status, answer.body), ((200, b"6"), (200, b"1"), (400, b"")))
        self.assertEqual(opened.packet(), "3probe")
        self.assert_echoes(opened)

    def test_a_second_websocket_during_the_upgrade_is_closed_at_once(self):
        session = self.polling()
        first = self.probed(session)
        self.assertEqual(self.assert_closes(self.candidate(session)), [])
        first.send("5")
        self.assert_echoes(first)

    def test_a_second_websocket_after_the_upgrade_is_closed_at_once(self):
        session, opened = self.upgraded()
        self.assertEqual(self.assert_closes(self.candidate(session)), [])
        self.assert_echoes(opened)

    def test_a_websocket_on_a_session_that_began_as_one_is_closed_at_once(self):
        opened = self.websocket()
        second = self.opened(EngineSocket.connect(self.port, sid=opened.sid))
        second.send("2probe")
        packets = self.assert_closes(second)
        self.assertNotIn("5", packets)
        self.assert_echoes(opened)

    @rows(SPOILING)
    def spoiled(self, packet):
        session = self.polling()
        opened = self.candidate(session)
        opened.send(packet)
        self.assertEqual(self.assert_closes(opened), [])
        self.assert_echoes(session)

    @rows({f"{sentence}, also after the probe": packet for sentence, packet in SPOILING.items()})
    def spoiled_after_the_probe(self, packet):
        session = self.polling()
        opened = self.probed(session)
        opened.send(packet)
        self.assert_closes(opened)
        self.assert_echoes(session)

    def test_a_broken_frame_on_the_candidate_leaves_the_session(self):
        session = self.polling()
        opened = self.probed(session)
        opened.connection.send(frame(TEXT, b"5", rsv=RSV2))
        _, close = opened.until_close(2)
        self.assertEqual(close.code, 1002)
        self.assert_echoes(session)

    @rows({
        "a candidate that is reset leaves the session": True,
        "a candidate that is closed leaves the session": False,
    })
    def lost(self, reset):
        session = self.polling()
        opened = self.probed(session)
        opened.connection.reset() if reset else opened.close()
        self.assert_echoes(session)
        eventually(lambda: self.can_upgrade(session), what="another upgrade")

    def can_upgrade(self, session):
        """Whether a new candidate is let in; the one before it may not have been missed yet."""
        opened = self.candidate(session)
        opened.send("2probe")
        if opened.read_message() != "3probe":
            return False
        opened.send("5")
        self.assert_echoes(opened)
        return True

    def test_a_connection_that_is_reset_with_its_upgrade_request_leaves_the_session(self):
        session = self.polling()
        for _ in range(10):
            connection = Connection(self.port)
            address = f"{ENGINE}?EIO=4&transport=websocket&sid={session.sid}"
            connection.send(upgrade_request(connection.host, target=address))
            connection.reset()
        self.assert_echoes(session)

    def test_a_socket_keeps_its_id_and_its_rooms_over_an_upgrade(self):
        client = self.opened(SocketClient.polling(self.port))
        sid = client.connect()["sid"]
        client.ask("join", "upgraded")
        opened = self.probed(client.engine)
        opened.send("5")
        client.engine = opened
        self.assertEqual(client.ask("whoami")[0]["id"], sid)
        self.client().emit("say", "upgraded", "hello")
        self.assertEqual(client.event(), ["said", "hello"])


class SlowUpgrades(UpgradeCase):
    flags = ("--upgrade-timeout-ms", "300")

    @rows({"a candidate that never probes is closed": (), "a candidate that never swaps is closed": ("2probe",)})
    def late(self, *packets):
        session = self.polling()
        started = time.monotonic()
        opened = self.candidate(session)
        opened.send(*packets)
        came = self.assert_closes(opened)
        self.assertEqual(came, ["3probe"] if packets else [])
        took = time.monotonic() - started
        self.assertTrue(0.28 < took < 1, took)
        self.assert_echoes(session)
        opened = self.probed(session)
        opened.send("5")
        self.assert_echoes(opened)

    def test_the_time_is_over_when_the_upgrade_is_done(self):
        _, opened = self.upgraded()
        with self.assertRaises(TimeoutError):
            opened.connection.socket.settimeout(0.6)
            opened.packet()


class UpgradesUnderHeartbeat(UpgradeCase):
    flags = QUICK

    def test_the_heartbeat_goes_on_after_an_upgrade(self):
        _, opened = self.upgraded()
        for _ in range(3):
            self.assertEqual(opened.packet(), "2")
            opened.send("3")

    def test_a_session_that_is_lost_during_its_upgrade_takes_the_candidate_along(self):
        session = self.polling()
        opened = self.probed(session)
        self.assert_closes(opened)
        self.assert_unknown(session)
