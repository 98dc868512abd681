# SPDX-License-Identifier: Apache-2.0
# SPDX-FileCopyrightText: Hibiki contributors
"""python-socketio 4, its Client and its AsyncClient, with what they hear."""

import unittest

import socketio

from support.hearing import Hearing
from support.loops import InLoop
from support.target import TargetCase


class Ears(socketio.ClientNamespace):
    """Notes all that a Client hears on one namespace. What the server asks, it answers with the same arguments."""

    def __init__(self, namespace, hearing):
        super().__init__(namespace)
        self.hearing = hearing

    def trigger_event(self, event, *arguments):
        self.hearing.hear(event, arguments, self.namespace)
        return arguments


class LoopEars(socketio.AsyncClientNamespace):
    """The same for an AsyncClient."""

    def __init__(self, namespace, hearing):
        super().__init__(namespace)
        self.hearing = hearing

    async def trigger_event(self, event, *arguments):
        self.hearing.hear(event, arguments, self.namespace)
        return arguments


class Talker(Hearing):
    """A client with ears on each of its namespaces. A namespace may be asked for with a query, `/custom?a=b`."""

    def __init__(self, client, ears, url, namespaces):
        super().__init__()
        self.client, self.url = client, url
        self.asked = list(namespaces)
        for namespace in namespaces:
            client.register_namespace(ears(namespace.partition("?")[0], self))

    def connect(self, *transports):
        """Waits until the server has let it into the first namespace."""
        self.client.connect(self.url, transports=list(transports) or None, namespaces=self.asked)
        self.take("connect")
        return self


class OldCase(TargetCase):
    """Tests with one kind of client, which `name` tells and `make` gives; `ears` are its own."""

    flags = ("--allow-eio3",)
    options = {"reconnection": False}

    def shortDescription(self):
        return f"python-socketio 4's {self.name}: {unittest.TestCase.shortDescription(self)}"

    def talker(self, *more, port=None, **options):
        """On the first namespace and `more`."""
        client = self.make(**{**self.options, **options})
        if isinstance(client, InLoop):
            self.addCleanup(client.end)
        self.addCleanup(client.disconnect)
        return Talker(client, self.ears, f"http://127.0.0.1:{port or self.port}", ("/", *more))

    def over_each(self, talk):
        """Lets a client of its own talk over WebSocket alone, and one over polling alone."""
        for transport in ("websocket", "polling"):
            with self.subTest(transport=transport):
                talker = self.talker().connect(transport)
                talk(talker)
                self.assertEqual(talker.client.transport(), transport)


class Threads:
    """To stand before a case."""

    name, make, ears = "Client", socketio.Client, Ears


class Loops:
    name, ears = "AsyncClient", LoopEars

    def make(self, **options):
        return InLoop(socketio.AsyncClient(**options))
