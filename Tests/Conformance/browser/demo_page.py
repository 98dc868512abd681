# SPDX-License-Identifier: Apache-2.0
# SPDX-FileCopyrightText: Hibiki contributors
"""The demo page in a real browser."""

import urllib.parse

from browser.board import Board
from clients.browser import Browser
from clients.link import Link
from support.case import ServerCase
from support.server import ROOT

SCREENSHOTS = ROOT / ".build" / "screenshots"
FOUR_LANES = ["websocket", "sse", "longpoll", "poll"]


def given_up(request):
    """Whether the page ended this request to listen: the lane was cut, and the browser calls that a failure."""
    return (request.failure == "net::ERR_ABORTED" and request.kind in ("eventsource", "fetch")
            and request.method == "GET" and request.status in (None, 200)
            and urllib.parse.urlsplit(request.url).path == "/v1/events")


class DemoPage(ServerCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.addClassCleanup(cls.server.stop)
        cls.browser = Browser(size=(1280, 900))
        cls.addClassCleanup(cls.browser.close)
        SCREENSHOTS.mkdir(parents=True, exist_ok=True)

    def board(self, port=None, **options):
        """The demo page in a tab of its own, with this test's topic and all four lanes open."""
        board = Board(self.browser, f"http://127.0.0.1:{port or self.server.port}", self.topic, **options)
        self.addCleanup(board.close)
        return board

    def assertQuiet(self, board, lanes_were_cut=False):
        """Not an error on the console, and no failed request but those that the page itself gave up to cut a lane."""
        failures = [request for request in board.tab.failures if not (lanes_were_cut and given_up(request))]
        self.assertEqual((board.tab.errors, failures), ([], []))

    def test_page(self):
        """the page has its title, four lanes, and not a word on the console"""
        board = self.board()
        self.assertTrue(board.tab.eval("document.title").startswith("Hibiki"))
        self.assertEqual(board.lanes(), FOUR_LANES)
        self.assertQuiet(board)

    def test_publish(self):
        """what one types arrives on all four lanes"""
        board = self.board()
        board.publish("hello, resonance")
        for lane in FOUR_LANES:
            board.wait_for(lane, ["hello, resonance"])
        self.assertQuiet(board)

    def test_publish_from_elsewhere(self):
        """what another program publishes arrives on all four lanes"""
        board = self.board()
        self.publish({"text": "from elsewhere"})
        for lane in FOUR_LANES:
            board.wait_for(lane, ["from elsewhere"])
        self.assertQuiet(board)

    def test_burst(self):
        """a burst of 50 arrives on all four lanes, in one order, none twice"""
        board = self.board()
        board.tab.page.click("#burst")
        for lane in FOUR_LANES:
            board.wait_count(lane, 50)
        orders = [board.texts(lane) for lane in FOUR_LANES]
        self.assertEqual(len(set(orders[0])), 50)
        self.assertEqual(orders, [orders[0]] * 4)
        self.assertQuiet(board)

    def test_cut(self):
        """a lane that was cut comes back and has lost nothing, whichever it is"""
        board = self.board()
        board.publish("before")
        expected = ["before"]
        for lane in FOUR_LANES:
            with self.subTest(lane=lane):
                board.wait_for(lane, expected)
                board.toggle(lane)
                missed = [f"{lane} {number}" for number in range(3)]
                for text in missed:
                    board.publish(text)
                expected, known = expected + missed, expected
                for other in FOUR_LANES:
                    if other != lane:
                        board.wait_for(other, expected)
                self.assertEqual(board.texts(lane), known)
                board.toggle(lane)
                board.wait_for(lane, expected)
                board.wait_outcome(lane, "Caught up 3 events, none lost.")
        board.wait_verdict("Sent 13. Received on every lane, in order, none twice.")
        self.assertQuiet(board, lanes_were_cut=True)

    def test_keys(self):
        """the keys 1 to 4 cut the lanes and bring them back"""
        board = self.board()
        for key, lane in enumerate(FOUR_LANES, 1):
            board.tab.page.keyboard.press(str(key))
            board.wait_state(lane, "cut")
            board.tab.page.keyboard.press(str(key))
            board.wait_state(lane, "open")
        self.assertQuiet(board, lanes_were_cut=True)

    def test_broken_network(self):
        """every lane survives a network that breaks all connections, and has lost nothing"""
        with Link(self.server.port) as link:
            board = self.board(link.port)
            board.publish("one")
            for lane in FOUR_LANES:
                board.wait_for(lane, ["one"])
            link.down()
            for number in ("two", "three"):
                self.publish({"text": number})
            link.up()
            for lane in FOUR_LANES:
                board.wait_for(lane, ["one", "two", "three"], timeout=30)

    def test_not_published(self):
        """a message that nobody took goes back into its field, and can be sent again"""
        with Link(self.server.port) as link:
            board = self.board(link.port)
            link.down()
            board.publish("is anybody there?")
            board.wait_message("is anybody there?", timeout=20)
            self.assertEqual(
                board.tab.eval("document.getElementById('problem').textContent"),
                "The server did not answer: this may not be published.")
            link.up()
            board.wait_all_open()
            board.tab.page.press("#text", "Enter")
            for lane in FOUR_LANES:
                board.wait_for(lane, ["is anybody there?"])
            board.tab.wait("document.getElementById('problem').hidden")

    def test_screenshots(self):
        """the page fits a wide and a narrow screen, in light and in dark"""
        for scheme in ("light", "dark"):
            for width, height in ((1280, 900), (360, 780)):
                with self.subTest(scheme=scheme, width=width):
                    board = self.board(color_scheme=scheme, viewport={"width": width, "height": height})
                    board.publish("what one says, all hear")
                    for lane in FOUR_LANES:
                        board.wait_lane(lane, "what one says, all hear")
                    board.tab.screenshot(SCREENSHOTS / f"demo-{scheme}-{width}.png", full=True)
                    self.assertLessEqual(board.tab.eval("document.documentElement.scrollWidth"), width)
                    self.assertEqual(
                        board.tab.eval("matchMedia('(prefers-color-scheme: dark)').matches"), scheme == "dark")
                    self.assertQuiet(board)
