# SPDX-License-Identifier: Apache-2.0
# SPDX-FileCopyrightText: Hibiki contributors
"""The dashboard with a thousand live connections, and what it looks like."""

import threading
import time

from admin.case import SCREENSHOTS, AdminCase
from support.rawclient import Connection
from support.rawevents import EventStream, publish
from support.rawsocketio import SocketClient
from support.rawwebsocket import WebSocket

WEBSOCKETS = 900
STREAMS = 60
SOCKETS = 40
VIEWS = ("overview", "connections", "topics", "socketio", "nodes", "limits", "log")


class Crowd(AdminCase):
    """900 WebSockets, 60 event streams and 40 sockets of Socket.IO, with somebody who publishes."""

    size = (1440, 900)
    # Nobody here answers pings.
    options = ("--ping-interval", "3600")

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        port = cls.server.port
        cls.open = []
        for number in range(WEBSOCKETS):
            source = f"127.0.{number % 7}.{1 + number % 250}"
            client = WebSocket.open(port, source=source)
            client.ask({"type": "subscribe", "id": 1, "topic": f"public/rooms/{number % 40}"})
            cls.open.append(client.connection)
        for number in range(STREAMS):
            cls.open.append(EventStream.open(port, [f"public/rooms/{number % 40}", "public/news"]).connection)
        for number in range(SOCKETS):
            client = SocketClient.websocket(port)
            client.connect("/v1")
            client.ask("subscribe", f"public/rooms/{number % 8}", namespace="/v1")
            cls.open.append(client.engine)
        cls.stopped = threading.Event()
        cls.publisher = threading.Thread(target=cls.keep_publishing, daemon=True)
        cls.publisher.start()

    @classmethod
    def tearDownClass(cls):
        cls.stopped.set()
        cls.publisher.join()
        for connection in cls.open:
            connection.close()
        super().tearDownClass()

    @classmethod
    def keep_publishing(cls):
        number = 0
        while not cls.stopped.wait(0.04):
            publish(cls.server.port, f"public/rooms/{number % 40}", {"text": f"message {number}", "number": number})
            if number % 400 == 0:
                with Connection(cls.server.port) as connection:
                    connection.request("GET", "/", [("Long", "x" * 20_000)])
            number += 1

    def test_lists(self):
        """a thousand connections are searched and paged without a wait that one notices"""
        dashboard = self.dashboard()
        dashboard.wait_text(".verdict", "1,0", timeout=20)
        dashboard.show("connections")
        rows = dashboard.wait_rows(lambda rows: len(rows) == 100)
        self.assertIn("100 shown of 1,0", dashboard.text(".pages"))
        dashboard.page.click(".pages >> text=More")
        second = dashboard.wait_rows(lambda some: len(some) == 100 and some[0]["Id"] != rows[0]["Id"])
        self.assertEqual({row["Id"] for row in rows} & {row["Id"] for row in second}, set())
        begun = time.monotonic()
        dashboard.page.fill("#connection-search", "127.0.3.11")
        found = dashboard.wait_rows(lambda some: 0 < len(some) < 30)
        self.assertLess(time.monotonic() - begun, 3)
        self.assertTrue(all(row["Address"].startswith("127.0.3.11") for row in found))
        frames = dashboard.tab.eval("""() => new Promise((done) => {
            const longest = []
            const watch = new PerformanceObserver((list) => longest.push(...list.getEntries().map(one => one.duration)))
            watch.observe({ type: 'longtask' })
            setTimeout(() => done(longest), 4000)
        })""")
        self.assertEqual([duration for duration in frames if duration > 200], [])
        self.assertQuiet(dashboard)

    def test_pictures(self):
        """every view in light and dark, wide and narrow, as pictures to be looked at"""
        for scheme, name, size in (("light", "wide", (1440, 900)), ("dark", "wide", (1440, 900)),
                                   ("light", "phone", (390, 844)), ("dark", "phone", (390, 844))):
            dashboard = self.dashboard(color_scheme=scheme, viewport={"width": size[0], "height": size[1]})
            dashboard.tab.pause(2)
            for view in VIEWS:
                dashboard.show(view)
                dashboard.tab.pause(0.6)
                dashboard.tab.screenshot(SCREENSHOTS / f"admin-{view}-{name}-{scheme}.png", full=name == "phone")
            dashboard.show("topics")
            dashboard.page.click("#view .open >> nth=0")
            dashboard.tab.pause(1.5)
            dashboard.tab.screenshot(SCREENSHOTS / f"admin-topic-{name}-{scheme}.png")
            dashboard.press("Escape")
            dashboard.show("connections")
            dashboard.page.select_option("#connection-transport", "websocket")
            dashboard.wait_rows(lambda rows: len(rows) == 100)
            dashboard.page.click("#view .open >> nth=3")
            dashboard.wait_text(".drawer .facts", "127.0.")
            dashboard.page.click(".drawer .begin")
            dashboard.tab.screenshot(SCREENSHOTS / f"admin-closing-{name}-{scheme}.png")
            dashboard.press("Escape", "?")
            dashboard.tab.screenshot(SCREENSHOTS / f"admin-keys-{name}-{scheme}.png")
            self.assertQuiet(dashboard)
            dashboard.close()
