# SPDX-License-Identifier: Apache-2.0
# SPDX-FileCopyrightText: Hibiki contributors
"""The web clients: HibikiClient in a real browser, and the clients' own tests in Node, against a running server."""

import os
import subprocess

from browser.listener import Listener
from clients.browser import Browser
from clients.link import Link
from support.case import ServerCase
from support.server import ROOT

WAYS = ["websocket", "sse", "longpoll", "poll"]
SOCKETS, STREAMS, LONG_POLLS = b"Upgrade: websocket", b"Accept: text/event-stream", b"&wait="
# An EventSource stays away for the 5 to 6 seconds of the server's `retry`.
CUTS = {"websocket": 10, "sse": 2, "longpoll": 10, "poll": 10}
IMPATIENT = {
    "baseDelay": 50, "maxDelay": 400, "openTimeout": 1500, "upgradeDelay": 500, "requestTimeout": 3000,
    "wait": 5, "interval": 100,
}


class InBrowser(ServerCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.browser = Browser()
        cls.addClassCleanup(cls.browser.close)

    def setUp(self):
        super().setUp()
        self.link = Link(self.server.port)
        self.addCleanup(self.link.close)
        self.sent = []

    def listener(self, **options):
        listener = Listener(self.browser, f"http://127.0.0.1:{self.link.port}", self.topic, **IMPATIENT, **options)
        self.addCleanup(listener.close)
        return listener

    def send(self, count=1):
        """Another program publishes numbers, over a network of its own."""
        for _ in range(count):
            self.sent.append(len(self.sent))
            self.publish({"n": self.sent[-1]})

    def assertHeard(self, listener):
        """Everything that was sent, in order, once; no gap, and nothing refused."""
        listener.wait_heard(len(self.sent))
        heard = listener.heard
        self.assertEqual((heard["numbers"], heard["gaps"], heard["refusals"]), (self.sent, [], []))

    def test_all_ways(self):
        """HibikiClient carries its position over all four ways and back, and hears every event once"""
        listener = self.listener()
        for way in WAYS + WAYS[::-1]:
            listener.use(way)
            self.assertEqual(listener.tab.eval("client.transport"), way)
            self.send(5)
            self.assertHeard(listener)
            self.send(5)            # some of these may be under way when the next way begins
        self.assertHeard(listener)
        self.assertEqual(listener.ways(), set(WAYS))

    def test_fall_back(self):
        """where the network forbids one way after the other, HibikiClient falls back, and comes back when it may"""
        self.link.forbid(SOCKETS)
        listener = self.listener()
        self.send(3)
        for forbidden, way in (
            ((SOCKETS,), "sse"), ((SOCKETS, STREAMS), "longpoll"), ((SOCKETS, STREAMS, LONG_POLLS), "poll"),
            ((), "websocket"), ((SOCKETS,), "sse"), ((), "websocket"),
        ):
            with self.subTest(way=way, forbidden=forbidden):
                self.link.forbid(*forbidden)
                listener.tab.offline()
                self.send(3)
                listener.tab.offline(False)
                listener.wait_transport(way)
                self.send(3)
                self.assertHeard(listener)
        self.assertEqual(listener.ways(), set(WAYS))

    def test_cuts(self):
        """over every way, connections that break all the time lose no event and store no publication twice"""
        for way in WAYS:
            with self.subTest(way=way):
                listener = self.listener(transports=[way])
                begin = len(self.sent)
                for _ in range(CUTS[way]):
                    numbers = list(range(len(self.sent), len(self.sent) + 5))
                    listener.publish(numbers)
                    self.link.cut()
                    listener.published()
                    self.sent += numbers
                listener.wait_heard(len(self.sent) - begin)
                heard = listener.heard
                self.assertEqual((heard["numbers"], heard["gaps"]), (self.sent[begin:], []))
                listener.close()
        stored, _ = self.poll()
        self.assertEqual([event["payload"]["n"] for event in stored["events"]], self.sent)

    def test_reload(self):
        """a page that is loaded anew goes on after the position that it kept, over another way each time"""
        listener = self.listener()
        heard = []
        for way in WAYS:
            self.send(3)
            listener.wait_heard(3)
            heard += listener.heard["numbers"]
            listener.tab.eval("client.pause()")
            self.send(2)
            listener.reload(transports=[way], **IMPATIENT)
            listener.wait_heard(2)
            heard += listener.heard["numbers"]
            listener.reload(**IMPATIENT)
        self.assertEqual((heard, listener.heard["gaps"]), (self.sent, []))


class InNode(ServerCase):
    def test_live(self):
        """the web clients' own tests pass against this server, in Node"""
        done = subprocess.run(
            ["node", "-r", "./Tests/Conformance/clients/globals.cjs", "--test", "Web/test/live.test.js"],
            cwd=ROOT, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True,
            timeout=120, env={**os.environ, "HIBIKI_URL": self.server.url})
        self.assertEqual(done.returncode, 0, "\n" + done.stdout)
        self.assertRegex(done.stdout, r"(?m)^\S pass [1-9]")
        self.assertRegex(done.stdout, r"(?m)^\S skipped 0$")
