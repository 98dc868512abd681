# SPDX-License-Identifier: Apache-2.0
# SPDX-FileCopyrightText: Hibiki contributors
"""The demo page over TLS in a real browser."""

from browser.board import Board
from clients.browser import Browser
from support.case import ServerCase
from support.server import eventually
from tls.authority import SecureConnection, SecureServer

LANES = ["websocket", "sse", "longpoll", "poll"]


class Page(ServerCase):
    @classmethod
    def setUpClass(cls):
        cls.server = SecureServer().start()
        cls.faults = 0
        cls.browser = Browser(size=(1280, 900))
        cls.addClassCleanup(cls.browser.close)

    def board(self):
        board = Board(self.browser, self.server.url, self.topic, ignore_https_errors=True)
        self.addCleanup(board.close)
        return board

    def test_lanes(self):
        """the page comes over HTTP/2, and its four lanes work over TLS without a word on the console"""
        board = self.board()
        self.assertEqual(
            board.tab.eval("performance.getEntriesByType('navigation')[0].nextHopProtocol"), "h2")
        self.assertEqual([socket.url.split(":")[0] for socket in board.tab.sockets], ["wss"])
        board.publish("over TLS")
        for lane in LANES:
            board.wait_for(lane, ["over TLS"])
        self.assertEqual((board.tab.errors, board.tab.failures), ([], []))

    def test_streams(self):
        """WebSocket and event stream of one page share one connection of HTTP/2"""
        board = self.board()
        board.publish("one connection")
        for lane in LANES:
            board.wait_for(lane, ["one connection"])
        with SecureConnection(self.server.port, self.server.authority.context("http/1.1")) as connection:
            page = connection.request("GET", "/metrics").body.decode()
            connections = connection.request("GET", "/health").json()["connections"]
        counts = dict(line.rsplit(" ", 1) for line in page.splitlines() if line.startswith("hibiki_connections{"))
        self.assertEqual(counts['hibiki_connections{transport="websocket"}'], "1", page)
        self.assertEqual(counts['hibiki_connections{transport="http2"}'], "1", page)
        self.assertEqual(connections, 2, "the page's, and the one that asks")

    def test_replaced(self):
        """a page lives on when the certificate is replaced, and another page opens with the new one"""
        board = self.board()
        certificate, key = self.server.authority.issue("another")
        self.server.use(certificate, key)

        def subject():
            with SecureConnection(self.server.port, self.server.authority.context()) as connection:
                return connection.subject()

        eventually(lambda: subject() == "another", timeout=20, interval=0.1, what="the new certificate")
        other = self.board()
        other.publish("from the new page")
        for lane in LANES:
            board.wait_for(lane, ["from the new page"])
        self.assertEqual((board.tab.errors, other.tab.errors), ([], []))
