# SPDX-License-Identifier: Apache-2.0
# SPDX-FileCopyrightText: Hibiki contributors
"""socket.io-client on a server with connection state recovery, on a network that breaks in every way."""

from socketio_clients.players import InChromium, InNode

RECOVERY = ("--any-origin", "--recovery", "--max-payload", "2000000")
TRANSPORTS = {"both": {}, "websocket": {"transports": ["websocket"]}, "polling": {"transports": ["polling"]}}


class Losses:
    """Quiet pings: a loss is noticed by what TCP says."""

    flags = (*RECOVERY, "--ping-interval-ms", "400", "--ping-timeout-ms", "10000")

    def lose(self, how):
        for name, options in TRANSPORTS.items():
            with self.subTest(transports=name):
                self.play("recovery.mjs", "lost", how, **options)

    def test_reset(self):
        """is recovered after a reset, and nothing is lost, doubled or out of order"""
        self.lose("rst")

    def test_end(self):
        """is recovered after an end of the stream, and nothing is lost, doubled or out of order"""
        self.lose("fin")

    def test_outage(self):
        """is recovered after an outage, and nothing is lost, doubled or out of order"""
        self.lose("outage")

    def test_again(self):
        """is recovered over and over, with nothing or little between"""
        self.play("recovery.mjs", "again")

    def test_upwards(self):
        """sends once, in order, what it emitted while it was away"""
        self.play("recovery.mjs", "upwards")

    def test_volatile(self):
        """is recovered after a volatile message, and gets none of those that it missed"""
        self.play("recovery.mjs", "volatile")

    def test_silent(self):
        """is recovered before it has heard anything"""
        self.play("recovery.mjs", "silent")

    def test_namespaces(self):
        """is recovered in all its namespaces"""
        self.play("recovery.mjs", "namespaces")

    def test_goodbye(self):
        """begins anew after it said goodbye, or was sent away"""
        self.play("recovery.mjs", "goodbye")


class BlackHole:
    """Quick pings: nothing but their absence tells of the loss."""

    flags = (*RECOVERY, "--ping-interval-ms", "300", "--ping-timeout-ms", "700")

    def test_black_hole(self):
        """is recovered after a black hole, and nothing is lost, doubled or out of order"""
        for name, options in TRANSPORTS.items():
            with self.subTest(transports=name):
                self.play("recovery.mjs", "lost", "black hole", **options)


class RecoveryInNode(Losses, InNode):
    pass


class RecoveryInChromium(Losses, InChromium):
    pass


class BlackHoleInNode(BlackHole, InNode):
    pass


class BlackHoleInChromium(BlackHole, InChromium):
    # Where a WebSocket is cut just before it takes over, socket.io-client has stopped polling already and waits until pings
    # are overdue: quick ones, or most of the time would pass so.
    def test_conversation(self):
        """keeps a conversation through 100 cuts at random moments: every message once, in order, both ways"""
        self.play("conversation.mjs", "conversation", {"cuts": 100, "seed": 20})
