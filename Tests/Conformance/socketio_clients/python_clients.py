# SPDX-License-Identifier: Apache-2.0
# SPDX-FileCopyrightText: Hibiki contributors
"""python-socketio, its Client and its AsyncClient: other people's reading of the same protocol."""

import unittest

import socketio
from socketio.exceptions import ConnectionError as Refused

from clients.link import Link
from socketio_clients.plain import FLAGS, TOO_MUCH
from support.hearing import Hearing
from support.loops import InLoop
from support.target import TargetCase

MEGABYTE = 1_000_000
BURST = 15          # a python-engineio client refuses a poll of more than 16 packets
NESTED = {
    "left": b"\0\xff",
    "right": [{"deep": [[bytes(range(256))], {"deeper": {"still": b"x" * 70_000}}]}],
    "text": "ü",
}


class Talker(Hearing):
    """A client that writes down what it hears, on each of its namespaces."""

    def __init__(self, client, url, namespaces=("/",), **options):
        super().__init__()
        self.client, self.url = client, url
        self.options = {"namespaces": list(namespaces), "wait_timeout": 10, **options}
        for namespace in namespaces:
            client.on("*", self.hearing(namespace), namespace=namespace)
            for name in ("connect", "connect_error", "disconnect"):
                client.on(name, self.hearing(namespace, name), namespace=namespace)

    def hearing(self, namespace, *name):
        """Handles an event of this name, or of any: then the name comes first among the arguments."""
        def hear(*event):
            event = (*name, *event)
            self.hear(event[0], event[1:], namespace)

        return hear

    def connect(self, *transports):
        self.client.connect(self.url, transports=list(transports) or None, **self.options)
        return self


class Clients:
    """The tests; `make` gives a client."""

    flags = FLAGS
    options = {}

    def shortDescription(self):
        return f"python-socketio's {self.name}: {unittest.TestCase.shortDescription(self)}"

    def talker(self, port=None, **options):
        client = self.make(reconnection_delay=0.1, reconnection_delay_max=0.1, randomization_factor=0, **self.options)
        if isinstance(client, InLoop):
            self.addCleanup(client.end)
        self.addCleanup(client.disconnect)
        return Talker(client, f"http://127.0.0.1:{port or self.port}", **options)

    def over_each(self, talk):
        """Lets a client of its own talk over WebSocket alone, and one over polling alone."""
        for transport in ("websocket", "polling"):
            with self.subTest(transport=transport):
                talker = self.talker().connect(transport)
                talk(talker)
                self.assertEqual(talker.client.transport(), transport)

    def test_upgrade(self):
        """connects by polling and upgrades to WebSocket"""
        talker = self.talker(auth={"who": "python"}).connect()
        self.assertEqual(talker.client.transport(), "websocket")
        self.assertEqual(talker.take("auth"), ({"who": "python"},))
        self.assertEqual(talker.client.call("ask", "ü"), "ü")

    def test_transports(self):
        """talks over WebSocket alone, and over polling alone"""
        def talk(talker):
            self.assertEqual(talker.client.call("message-with-ack", (1, "two", None, 1.5)), (1, "two", None, 1.5))
            for number in range(BURST):
                talker.client.emit("message", number)
            self.assertEqual([talker.take("message-back") for _ in range(BURST)], [(n,) for n in range(BURST)])

        self.over_each(talk)

    def test_acks(self):
        """answers the questions of the server"""
        talker = self.talker()
        talker.client.on("sum", lambda a, b: (a + b, "summed"))
        talker.client.on("same", lambda value: value)
        talker.connect().client.emit("ask-me", ("sum", 20, 22))
        self.assertEqual(talker.take("asked"), (42, "summed"))
        talker.client.emit("ask-me", ("same", NESTED))
        self.assertEqual(talker.take("asked"), (NESTED,))

    def test_binary(self):
        """sends and receives binary at any depth"""
        def talk(talker):
            self.assertEqual(talker.client.call("ask", NESTED), NESTED)
            talker.client.emit("message", (b"", {"again": NESTED}, "text"))
            self.assertEqual(talker.take("message-back"), (b"", {"again": NESTED}, "text"))

        self.over_each(talk)

    def test_namespaces(self):
        """has namespaces beside each other on one connection, and leaves them together"""
        talker = self.talker(namespaces=("/", "/custom", "/app"), auth={"n": 1}).connect()
        self.assertEqual((talker.take("auth"), talker.take("auth", "/custom")), (({"n": 1},), ({"n": 1},)))
        talker.take("hello", "/app")
        ids = {talker.client.get_sid(namespace) for namespace in ("/", "/custom", "/app")}
        self.assertEqual(len(ids), 3)
        talker.client.emit("disconnect-me", True)
        for namespace in ("/", "/custom", "/app"):
            talker.take("disconnect", namespace)

    def test_refused(self):
        """is refused by a middleware with its data, and let in with the right token"""
        talker = self.talker(namespaces=("/admin",))
        with self.assertRaises(Refused):
            talker.connect()
        self.assertEqual(talker.take("connect_error", "/admin"), ({"message": "denied", "data": {"code": 7}},))
        welcome = self.talker(namespaces=("/admin",), auth={"token": "ok"}).connect()
        self.assertEqual(welcome.take("connect", "/admin"), ())

    def test_rooms(self):
        """joins rooms, hears what is said there, and leaves"""
        ann, bob = self.talker().connect(), self.talker().connect()
        for talker in (ann, bob):
            talker.client.call("join", "python")
        ann.client.call("say", ("python", "one", b"1"))
        self.assertEqual((ann.take("said"), bob.take("said")), (("one", b"1"), ("one", b"1")))
        bob.client.call("leave", "python")
        ann.client.call("say", ("python", "two"))
        bob.client.call("ask")
        self.assertEqual((ann.take("said"), bob.heard("said")), (("two",), []))

    def test_reconnection(self):
        """comes back after a reset, an end of the stream and an outage"""
        with Link(self.port) as link:
            talker = self.talker(link.port).connect()
            talker.take("connect")
            for loss in (link.cut, lambda: link.cut(reset=False), link.down):
                old = talker.client.get_sid()
                loss()
                talker.take("disconnect")
                link.up()
                talker.take("connect")
                self.assertNotEqual(talker.client.get_sid(), old)
                self.assertEqual(talker.client.call("ask", "back"), "back")

    def test_megabyte(self):
        """sends and receives a megabyte, text and binary"""
        def talk(talker):
            for heavy in ("x" * MEGABYTE, b"\xff" * MEGABYTE):
                self.assertTrue(talker.client.call("ask", heavy) == heavy)

        self.over_each(talk)

    def test_oversize(self):
        """is disconnected by a message that is too large, and comes back"""
        talker = self.talker().connect("websocket")
        talker.take("connect")
        talker.client.emit("message", "x" * TOO_MUCH)
        talker.take("disconnect")
        talker.take("connect")
        self.assertEqual(talker.client.call("ask", "back"), "back")


class Threads(Clients, TargetCase):
    name, make = "Client", socketio.Client


class Loops(Clients, TargetCase):
    name = "AsyncClient"

    def make(self, **options):
        return InLoop(socketio.AsyncClient(**options))


class MessagePackThreads(Threads):
    """The same with the msgpack parser."""

    name = "Client with msgpack"
    flags = (*FLAGS, "--parser", "msgpack")
    options = {"serializer": "msgpack"}


class MessagePackLoops(Loops):
    name = "AsyncClient with msgpack"
    flags = MessagePackThreads.flags
    options = MessagePackThreads.options
