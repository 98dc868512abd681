# SPDX-License-Identifier: Apache-2.0
# SPDX-FileCopyrightText: Hibiki contributors
"""People write one document of operations: raw WebSocket clients, with a client of operations in Python."""

import itertools
import json
import os
import random
import tempfile
import time

from clients.link import Link
from documents.writer import Writer
from support.case import ServerCase
from support.ports import free_port
from support.rawwebsocket import BINARY, TEXT, WebSocket, frame
from support.server import Server, eventually
from tokens.keys import Folder, token

SEED = 20261124
KILLS = int(os.environ.get("DOCUMENT_KILLS", "12"))
WRITERS = 5
names = itertools.count(1)


class WritersCase(ServerCase):
    """`self.writer()` has this test's document open."""

    def setUp(self):
        super().setUp()
        self.document = f"public/ot-{next(names)}"

    def opened(self, document=None, port=None, **query):
        writer = Writer(port or self.server.port, document or self.document, **query)
        self.addCleanup(writer.cut)
        return writer

    def writer(self, *arguments, **details):
        writer = self.opened(*arguments, **details)
        eventually(writer.is_quiet, what="the document being there")
        return writer

    def assert_same(self, *writers, timeout=20):
        """All hold the same in the end; returns the text."""
        eventually(
            lambda: all(writer.is_quiet() for writer in writers) and len({writer.state() for writer in writers}) == 1,
            timeout=timeout, what="all texts being the same")
        return writers[0].text


class Operations(WritersCase):
    def test_what_one_writes_all_have_and_whoever_comes_later(self):
        one, other = self.writer(), self.writer()
        one.append("hello ")
        other.append("world")
        self.assertIn(self.assert_same(one, other), ("hello world", "worldhello "))
        self.assertEqual(self.writer().text, one.text)

    def test_random_edits_of_many_through_cuts_come_to_one_text(self):
        chance = random.Random(SEED)
        with Link(self.server.port) as link:
            writers = [self.writer(port=link.port) for _ in range(WRITERS)]
            for _ in range(300):
                writer = chance.choice(writers)
                if writer.text is not None:
                    writer.type(chance)
                what = chance.random()
                if what < 0.02:
                    link.cut()
                elif what < 0.05:
                    writer.cut()
                for each in writers:
                    if (each.socket is None or each.close is not None) and chance.random() < 0.1:
                        each.connect()
                time.sleep(chance.uniform(0, 0.01))
            for each in writers:
                if each.socket is None or each.close is not None:
                    each.connect()
            text = self.assert_same(*writers)
        self.assertEqual([writer.errors for writer in writers], [[]] * WRITERS)
        self.assertEqual(self.writer().text, text)
        # Every one of their operations was acknowledged, and is a revision of its own.
        self.assertEqual(sum(writer.sequence for writer in writers), writers[0].revision)
        for writer in writers:
            self.assertEqual(writer.acknowledged, set(range(1, writer.sequence + 1)))

    def test_selections_are_told_and_taken_away(self):
        one, other = self.writer(), self.writer()
        one.append("hello")
        self.assert_same(one, other)
        one.select(3)
        cursor = {"ranges": [{"anchor": 3, "head": 3}]}
        eventually(lambda: other.selections.get(one.name) == cursor)
        self.assertEqual(self.writer().selections[one.name], cursor)
        one.cut()
        eventually(lambda: one.name not in other.selections, timeout=2, what="the selection being gone")

    def test_a_window_has_its_name_by_its_secret_and_the_newer_connection_counts(self):
        secret = "a secret that nobody knows"
        one = self.writer(secret=secret)
        again = self.writer(secret=secret)
        self.assertEqual(one.name, again.name)
        eventually(lambda: one.close)
        self.assertEqual(one.close[0], 4515)
        again.append("x")
        other = self.writer()
        self.assert_same(again, other)
        self.assertNotEqual(other.name, again.name)
        again.cut()
        self.assertEqual(self.writer(secret=secret).sequence, 1)

    def test_rich_text_is_another_kind_and_yjs_another_still(self):
        self.writer().append("text")
        raw = self.raw("?type=rich")
        self.assertEqual(raw.read_close().code, 4514)
        raw = WebSocket.open(self.server.port, path=f"/yjs/{self.document}", welcome=False)
        self.addCleanup(raw.connection.close)
        self.assertEqual(raw.read_close().code, 4514)
        self.document += "-rich"
        raw = self.raw("?type=rich")
        raw.send_json({"type": "hello"})
        self.assertEqual(raw.read_until(lambda got: got["type"] == "document")["document"], {"ops": []})
        operation = {"ops": [{"attributes": {"bold": True}, "insert": "x"}]}
        raw.send_json({"type": "submit", "revision": 0, "sequence": 1, "operation": operation})
        self.assertEqual(raw.read_until(lambda got: got["type"] == "operation")["operation"], operation)

    def test_what_is_no_message_puts_out_its_sender_alone(self):
        neighbour = self.writer()
        neighbour.append("still here")
        rows = {
            "no JSON": b"x", "no object": b"[]", "no type": b"{}", "an unknown type": b'{"type":"word"}',
            "an operation that is none": b'{"type":"submit","revision":0,"sequence":1,"operation":[0]}',
            "a revision below zero": b'{"type":"hello","revision":-1,"incarnation":""}',
            "half a surrogate pair": b'{"type":"submit","revision":0,"sequence":1,"operation":["\\ud800"]}',
            "much nesting": b"[" * 100_000,
        }
        for name, data in rows.items():
            with self.subTest(name):
                raw = self.raw()
                raw.connection.try_send(frame(TEXT, data))
                self.assertEqual(raw.read_close().code, 4513)
        raw = self.raw()
        raw.connection.try_send(frame(BINARY, b"x"))
        self.assertEqual(raw.read_close().code, 1003)
        neighbour.append("!")
        other = self.writer()
        self.assertEqual(self.assert_same(neighbour, other), "still here!")

    def test_what_does_not_fit_is_refused_and_the_writer_goes_on(self):
        writer, other = self.writer(), self.writer()
        writer.append("hello")
        self.assert_same(writer, other)
        with writer.lock:
            writer.sequence += 1
            writer.outstanding = [99, "x"]
            writer.send_again()
        eventually(lambda: writer.errors == ["wrong-length"])
        eventually(writer.is_quiet)
        writer.append("!")
        self.assertEqual(self.assert_same(writer, other), "hello!")

    def test_addresses_that_cannot_be_are_refused_before_the_connection_is_one(self):
        for path in ("/ot/", "/ot/%zz", "/ot/public/x?type=word", "/ot/public/x?secret=short"):
            with self.subTest(path), self.assertRaises(AssertionError) as raised:
                WebSocket.open(self.server.port, path=path, welcome=False)
            self.assertIn("400", str(raised.exception))

    def raw(self, query=""):
        raw = WebSocket.open(self.server.port, path=f"/ot/{self.document}{query}", welcome=False)
        self.addCleanup(raw.connection.close)
        return raw


class OperationRights(WritersCase):
    @classmethod
    def setUpClass(cls):
        folder = Folder()
        cls.addClassCleanup(folder.close)
        cls.arguments = [
            "--token-secret-file", folder.secret(), "--permission", "role:reader subscribe documents/**",
            "--permission", "role:writer all documents/**"]
        super().setUpClass()

    def test_readers_see_and_do_not_write_and_strangers_do_not_see(self):
        self.document = self.document.replace("public/", "secret/")
        writer = self.writer(access_token=token(sub="w", roles=["writer"]))
        reader = self.writer(access_token=token(sub="r", roles=["reader"]))
        writer.append("for all")
        eventually(lambda: reader.text == "for all")
        self.assertEqual((writer.access, reader.access), ("write", "read"))
        reader.append(" mine")
        eventually(lambda: reader.errors == ["permission-denied"])
        self.assertEqual(self.assert_same(reader, writer), "for all")
        stranger = self.opened(access_token=token(sub="s", roles=["stranger"]))
        eventually(lambda: stranger.close)
        self.assertEqual(stranger.close[0], 4510)
        self.assertIsNone(stranger.text)


class OperationKills(ServerCase):
    def test_whatever_was_acknowledged_outlives_the_server_and_writers_go_on_with_what_they_have(self):
        chance = random.Random(SEED)
        port = free_port()
        with tempfile.TemporaryDirectory() as data:
            start = lambda: Server("--port", port, "--data", data).start()  # noqa: E731
            server = start()
            try:
                writers = [Writer(port, "public/killed") for _ in range(WRITERS)]
                for _ in range(KILLS):
                    for writer in writers:
                        eventually(lambda: writer.text is not None)  # noqa: B023
                    until = time.monotonic() + chance.uniform(0.05, 0.4)
                    while time.monotonic() < until:
                        chance.choice(writers).type(chance)
                        time.sleep(0.002)
                    server.kill()
                    server = start()
                    for writer in writers:
                        writer.connect()
                eventually(
                    lambda: all(writer.is_quiet() for writer in writers)
                    and len({writer.state() for writer in writers}) == 1, timeout=20, what="all texts being the same")
                self.assertEqual([writer.errors for writer in writers], [[]] * WRITERS)
                self.assertEqual(sum(writer.sequence for writer in writers), writers[0].revision)
                late = Writer(port, "public/killed")
                eventually(late.is_quiet)
                self.assertEqual(late.state(), writers[0].state())
                self.assertGreater(len(json.dumps(late.text)), KILLS)
                for writer in (*writers, late):
                    writer.cut()
            finally:
                server.stop()
