# SPDX-License-Identifier: Apache-2.0
# SPDX-FileCopyrightText: Hibiki contributors
"""Hostile editors: each is put out, and the others edit on."""

import os

from documents.editors import EditorsCase
from support.rawclient import Ended
from support.rawwebsocket import BINARY, CLOSE, WebSocket, frame
from support.server import eventually

MEGABYTE = 1 << 20


def number(value):
    """lib0's variable-length number."""
    data = bytearray()
    while value > 0x7F:
        data.append(0x80 | value & 0x7F)
        value >>= 7
    return bytes(data) + bytes([value])


def message(*kinds, payload=b""):
    return bytes(kinds) + number(len(payload)) + payload


class Hostile(EditorsCase):
    arguments = ("--document-message", str(MEGABYTE), "--document-bytes", str(4 * MEGABYTE))

    def setUp(self):
        super().setUp()
        self.neighbour = self.synced()
        self.neighbour.insert(text="still here")

    def tearDown(self):
        other = self.synced()
        eventually(lambda: other.text().startswith("still here"))
        self.neighbour.insert(text="!")
        eventually(lambda: other.text().endswith("!"))
        self.assertTrue(self.server.alive())

    def raw(self):
        opened = WebSocket.open(self.server.port, path=f"/yjs/{self.document}", welcome=False)
        self.addCleanup(opened.connection.close)
        return opened

    def assert_closes(self, data, code, opcode=BINARY):
        opened = self.raw()
        opened.connection.try_send(frame(opcode, data))
        self.assertEqual(self.close_code(opened), code)

    @staticmethod
    def close_code(opened):
        """What stands in the close frame, whatever comes before it."""
        while True:
            got = opened.read_frame()
            if got.opcode == CLOSE:
                return int.from_bytes(got.payload[:2], "big")

    def test_what_is_no_message_is_refused(self):
        rows = {
            "an unknown kind": b"\x09", "half a message": b"\x00", "an unknown step": b"\x00\x07\x00",
            "a length beyond the end": b"\x00\x02\xff\x01", "an update that is none": message(0, 2, payload=b"\x01\x02"),
            "a state vector that is none": message(0, 0, payload=b"\x05"), "a number without end": b"\x80" * 40,
            "awareness that is none": message(1, payload=b"\x05\x01"), "more messages than fit": b"\x03" * 101,
            "an update of many structs that are not there": message(0, 2, payload=b"\x01\xff\xff\xff\xff\x0f\x01\x00"),
        }
        for name, data in rows.items():
            with self.subTest(name):
                self.assert_closes(data, 4513)

    def test_text_is_not_spoken(self):
        self.assert_closes(b"hello", 1003, opcode=1)

    def test_a_message_that_is_too_long_is_refused(self):
        self.assert_closes(message(0, 2, payload=bytes(MEGABYTE)), 1009)

    def test_random_bytes_never_end_the_server(self):
        for _ in range(300):
            opened = self.raw()
            opened.connection.try_send(frame(BINARY, os.urandom(200)))
            opened.connection.close()

    def test_names_that_cannot_be_are_refused_before_the_connection_is_one(self):
        for path, status in {"/yjs/": 400, "/yjs/%zz": 400, "/yjs/%00": 400, "/yjs/" + "x" * 201: 400}.items():
            with self.subTest(path), self.assertRaises((Ended, AssertionError)) as raised:
                WebSocket.open(self.server.port, path=path, welcome=False)
            self.assertIn(str(status), str(raised.exception))

    def test_somebody_who_reads_a_long_document_slowly_gets_all_of_it_and_what_is_written_meanwhile(self):
        for _ in range(3):
            self.neighbour.insert(text="x" * 900_000)
        witness = self.synced()
        eventually(lambda: len(witness.text()) > 2_700_000)
        slow = WebSocket.open(self.server.port, path=f"/yjs/{self.document}", welcome=False, slow=True)
        self.addCleanup(slow.connection.close)
        slow.connection.try_send(frame(BINARY, message(0, 0, payload=b"\x00")))
        self.assertEqual(self.kind(slow), b"\x00\x00")
        for _ in range(50):
            self.neighbour.insert(text="y")
        eventually(lambda: witness.text().endswith("y" * 50))
        kinds = []
        while kinds.count(b"\x00\x02") < 50:
            kinds.append(self.kind(slow))
        self.assertIn(b"\x00\x01", kinds)

    @staticmethod
    def kind(opened):
        """The kind of the next message that is no awareness."""
        while True:
            got = opened.read_frame()
            if got.opcode != BINARY or got.payload[:1] != b"\x01":
                return bytes(got.payload[:2])

    def test_somebody_who_asks_for_everything_again_and_again_and_reads_nothing_is_put_out(self):
        self.neighbour.insert(text="x" * 900_000)
        reader = self.synced()
        eventually(lambda: len(reader.text()) > 900_000)
        before = self.server.rss()
        greedy = self.raw()
        for _ in range(200):
            greedy.connection.try_send(frame(BINARY, message(0, 0, payload=b"\x00")))
        eventually(
            lambda: "read too slowly" in self.server.log() or greedy.connection.ends_within(0.1), timeout=20,
            what="the greedy one being put out")
        self.assertLess(self.server.rss() - before, 200 * MEGABYTE)
