# SPDX-License-Identifier: Apache-2.0
# SPDX-FileCopyrightText: Hibiki contributors
"""socket.io-client on a server without recovery: transports, acks, binary, namespaces, rooms, large payloads."""

import os
import pathlib
import unittest

from socketio_clients.players import InChromium, InNode

FLAGS = ("--any-origin", "--ping-interval-ms", "400", "--ping-timeout-ms", "10000", "--max-payload", "2000000")
TOO_MUCH = 3_000_000


class Essentials:
    """What every version does."""

    flags = FLAGS

    def test_upgrade(self):
        """connects by polling, upgrades to WebSocket, and loses nothing meanwhile"""
        self.play("basics.mjs", "upgrades")

    def test_websocket_alone(self):
        """talks over WebSocket alone"""
        self.play("basics.mjs", "alone", "websocket")

    def test_polling_alone(self):
        """talks over polling alone"""
        self.play("basics.mjs", "alone", "polling")

    def test_acks(self):
        """gets the ack of each of its questions"""
        self.play("basics.mjs", "acks")

    def test_acks_of_clients(self):
        """answers the questions of the server"""
        self.play("basics.mjs", "acksOfClients")

    def test_binary(self):
        """sends and receives binary at any depth"""
        for transport in ("websocket", "polling"):
            with self.subTest(transport=transport):
                self.play("basics.mjs", "binary", transports=[transport])

    def test_namespaces(self):
        """has namespaces beside each other on one connection"""
        self.play("namespaces.mjs", "side")

    def test_refused(self):
        """is refused by a middleware with its data, and let in with the right token"""
        self.play("namespaces.mjs", "refused")

    def test_rooms(self):
        """joins rooms, hears what is said there, and leaves"""
        self.play("rooms.mjs", "rooms")


class Everything(Essentials):
    """What the present version does besides."""

    def test_unanswered(self):
        """is told by a time-out that nobody answers"""
        self.play("basics.mjs", "unanswered")

    def test_values(self):
        """gets every JSON value back as it was"""
        self.play("basics.mjs", "values")

    def test_mixture(self):
        """keeps the order of text and binary that cross each other"""
        for transport in ("websocket", "polling"):
            with self.subTest(transport=transport):
                self.play("basics.mjs", "mixture", transports=[transport])

    def test_leave_and_return(self):
        """leaves a namespace and returns to it on the same connection"""
        self.play("namespaces.mjs", "leaveAndReturn")

    def test_unknown_namespace(self):
        """is told that a namespace does not exist"""
        self.play("namespaces.mjs", "unknown")

    def test_sent_away(self):
        """is sent away by the server, from one namespace or from all"""
        self.play("namespaces.mjs", "sentAway")

    def test_own_room(self):
        """hears what is said in the room of its id"""
        self.play("rooms.mjs", "ownRoom")

    def test_order(self):
        """hears all that is said in a room in one order, over every transport"""
        self.play("rooms.mjs", "order")

    def test_volatile(self):
        """hears volatile messages while it is there"""
        self.play("rooms.mjs", "volatile")

    def test_volatile_away(self):
        """keeps what it emits while it is away, but for what is volatile"""
        self.play("rooms.mjs", "volatileAway")

    def test_megabyte(self):
        """sends and receives a megabyte, text and binary"""
        for transport in ("websocket", "polling"):
            with self.subTest(transport=transport):
                self.play("payloads.mjs", "megabyte", transports=[transport])

    def test_oversize(self):
        """is disconnected by a payload that is too large, comes back, and disturbs nobody"""
        for transport in ("websocket", "polling"):
            with self.subTest(transport=transport):
                self.play("payloads.mjs", "oversize", TOO_MUCH, transports=[transport])

    def test_retries(self):
        """sends again what was not acknowledged, through a cut and an outage"""
        self.play("retries.mjs", "retries")

    def test_given_up(self):
        """gives up a message after its retries, and goes on with the next"""
        self.play("retries.mjs", "givenUp")

    def test_reconnection(self):
        """comes back after every loss, as another one where there is no recovery"""
        for how in ("rst", "fin", "outage"):
            with self.subTest(how=how):
                self.play("rooms.mjs", "newcomer", how)


class PlainInNode(Everything, InNode):
    pass


class PlainInChromium(Everything, InChromium):
    def test_upgrade(self):
        """connects by polling, upgrades to WebSocket, and loses nothing meanwhile; not a word on the console"""
        super().test_upgrade()
        socket, = self.tab.sockets
        self.assertEqual(socket.frames[0], ("sent", "2probe"))
        self.assertEqual(socket.frames[1], ("received", "3probe"))
        self.assertEqual(socket.frames[2], ("sent", "5"))
        self.assertEqual((self.tab.errors, self.tab.failures), ([], []))


class OldInNode(Essentials, InNode):
    version = "4.5.0"


class OldInChromium(InChromium):
    version = "4.5.0"
    flags = FLAGS

    def test_upgrade(self):
        """connects by polling, upgrades to WebSocket, and loses nothing meanwhile"""
        self.play("basics.mjs", "upgrades")


class MessagePackInNode(Essentials, InNode):
    """HIBIKI_MSGPACK_CLIENT names a socket.io.msgpack.min.js: it is on npm alone, and no wheel has it."""

    version = "with msgpack"
    flags = (*FLAGS, "--parser", "msgpack")

    @classmethod
    def setUpClass(cls):
        if "HIBIKI_MSGPACK_CLIENT" not in os.environ:
            raise unittest.SkipTest("HIBIKI_MSGPACK_CLIENT names no bundle; python-socketio speaks msgpack below")
        super().setUpClass()

    def bundle(self):
        return pathlib.Path(os.environ["HIBIKI_MSGPACK_CLIENT"]).absolute()
