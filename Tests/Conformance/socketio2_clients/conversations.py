# SPDX-License-Identifier: Apache-2.0
# SPDX-FileCopyrightText: Hibiki contributors
"""What a client of Socket.IO 2 and the server have to say to each other."""

from clients.link import Link
from socketio2_clients.talker import Loops, OldCase, Threads

BURST = 8          # a python-engineio client refuses a poll of more than 16 packets, and every attachment is one
NESTED = {
    "left": b"\0\xff",
    "right": [{"deep": [[bytes(range(256))], {"deeper": {"still": b"x" * 70_000}}]}],
    "text": "ü😀",
}


class Conversations:
    def test_upgrade(self):
        """connects by polling and upgrades to WebSocket"""
        talker = self.talker().connect()
        self.assertEqual(talker.client.transport(), "websocket")
        self.assertEqual(talker.take("auth"), ({},))
        self.assertEqual(talker.client.call("ask", "ü😀"), "ü😀")
        self.assertEqual(talker.client.call("whoami")["id"], talker.client.sid)

    def test_echo(self):
        """gets its own words back"""
        def talk(talker):
            for words in (("one",), (1, "two", None, 2.5), ({"ü": ["😀", True]},)):
                talker.client.emit("message", words)
                self.assertEqual(talker.take("message-back"), words)

        self.over_each(talk)

    def test_acks(self):
        """gets the answer to each of its questions"""
        def talk(talker):
            self.assertEqual(talker.client.call("message-with-ack", (1, "ü", None)), (1, "ü", None))
            self.assertEqual([talker.client.call("ask", number) for number in range(BURST)], list(range(BURST)))

        self.over_each(talk)

    def test_acks_of_clients(self):
        """answers the questions of the server"""
        def talk(talker):
            for answer in ((20, "ü"), (NESTED,), ()):
                talker.client.emit("ask-me", ("same", *answer))
                self.assertEqual(talker.take("asked"), answer)

        self.over_each(talk)

    def test_binary(self):
        """sends and receives binary at any depth"""
        def talk(talker):
            self.assertEqual(talker.client.call("ask", NESTED), NESTED)
            talker.client.emit("message", (b"first", {"again": NESTED}, "text"))
            self.assertEqual(talker.take("message-back"), (b"first", {"again": NESTED}, "text"))

        self.over_each(talk)

    def test_namespaces(self):
        """has namespaces beside each other, and gives one of them a query"""
        talker = self.talker("/custom?token=a%20b", "/app").connect()
        talker.take("connect", "/custom")
        self.assertEqual(talker.take("auth", "/custom"), ({"token": "a b"},))
        talker.take("hello", "/app")
        self.assertEqual(talker.client.call("ask", NESTED, namespace="/app"), NESTED)
        self.assertEqual(talker.client.call("ask", "first"), "first")

    def test_refused(self):
        """is refused by a middleware with its data, and let in with the right token"""
        talker = self.talker("/admin").connect()
        self.assertEqual(talker.take("connect_error", "/admin"), ({"code": 7},))
        self.assertEqual(talker.client.call("ask", "still here"), "still here")
        welcome = self.talker("/admin?token=ok").connect()
        self.assertEqual(welcome.take("connect", "/admin"), ())

    def test_unknown_namespace(self):
        """is told that a namespace does not exist"""
        talker = self.talker("/nowhere").connect()
        self.assertEqual(talker.take("connect_error", "/nowhere"), ("Invalid namespace",))

    def test_rooms(self):
        """hears what is said in a room, together with a client of its kind"""
        ann, bob = self.talker().connect(), self.talker().connect("polling")
        for talker in (ann, bob):
            talker.client.call("join", self.id())
        ann.client.call("say", (self.id(), "one", b"1"))
        self.assertEqual((ann.take("said"), bob.take("said")), (("one", b"1"), ("one", b"1")))

    def test_leave(self):
        """leaves by itself, and others hear of it"""
        watcher = self.talker().connect()
        watcher.client.call("join", "watchers")
        talker = self.talker().connect()
        number = talker.client.sid
        talker.client.disconnect()
        who, reason = watcher.take("gone")
        # The client closes its WebSocket at once, sometimes before its goodbye is sent.
        self.assertEqual(who, number)
        self.assertIn(reason, ("client namespace disconnect", "transport close"))

    def test_sent_away(self):
        """is sent away by the server, from one namespace or from all"""
        for closes in (False, True):
            with self.subTest(closes=closes):
                talker = self.talker("/app").connect()
                talker.take("hello", "/app")
                talker.client.emit("disconnect-me", closes)
                self.assertEqual(talker.take("disconnect"), ())

    def test_return(self):
        """comes back after a reset, with a new id"""
        with Link(self.port) as link:
            talker = self.talker(
                port=link.port, reconnection=True, reconnection_delay=0.1, randomization_factor=0).connect()
            old = talker.client.sid
            link.cut()
            talker.take("disconnect")
            talker.take("connect")
            self.assertNotEqual(talker.client.sid, old)
            self.assertEqual(talker.client.call("ask", "back"), "back")
            talker.client.disconnect()


class InThreads(Threads, Conversations, OldCase):
    pass


class InALoop(Loops, Conversations, OldCase):
    def test_order(self):
        """hears everything in the order in which it was said"""
        # A Client would handle each event in a thread of its own.
        def talk(talker):
            said = [(number, b"binary" if number % 2 else "text") for number in range(BURST)]
            for words in said:
                talker.client.emit("message", words)
            self.assertEqual([talker.take("message-back") for _ in said], said)

        self.over_each(talk)
