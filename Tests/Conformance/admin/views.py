# SPDX-License-Identifier: Apache-2.0
# SPDX-FileCopyrightText: Hibiki contributors
"""What the dashboard shows and does, in a real browser."""

import json

from admin.case import PASSWORD, AdminCase
from admin.dashboard import Dashboard
from support.rawclient import Connection, Ended
from support.rawevents import EventStream
from support.rawsocketio import SocketClient
from support.rawwebsocket import WebSocket
from support.server import eventually


class Overview(AdminCase):
    def test_charts(self):
        """charts move with what happens, and say it in words too"""
        dashboard = self.dashboard()
        dashboard.tab.wait("document.querySelectorAll('.chart').length === 9")
        before = dashboard.chart("Connections")
        clients = [WebSocket.open(self.server.port) for _ in range(20)]
        for client in clients:
            self.addCleanup(client.connection.close)
            client.ask({"type": "subscribe", "id": 1, "topic": self.topic})
        for number in range(200):
            clients[0].send_json({"type": "publish", "topic": self.topic, "event": "tick", "payload": number})
        dashboard.tab.wait(
            "document.querySelector('.plot').getAttribute('aria-label').includes('WebSocket 20,')", timeout=15)
        label, path, figure = dashboard.chart("Connections")
        self.assertGreaterEqual(int(figure), 21)
        self.assertNotEqual(path, before[1])
        self.assertIn("in the last five minutes from 0 to 20", label)
        published = dashboard.tab.wait("""() => {
            const chart = [...document.querySelectorAll('.chart')].find(
                one => one.querySelector('h2').textContent === 'Events published a second')
            const label = chart.querySelector('.plot').getAttribute('aria-label')
            return !label.includes('to 0') && label
        }""", timeout=15)
        self.assertRegex(published, r"Events published a second: published [\d.]+, in the last five minutes from 0 to \d+")
        self.assertRegex(dashboard.heading, r"^\d+ connections\. Nothing waits, and no limit was met")
        self.assertQuiet(dashboard)

    def test_past(self):
        """a page that is opened anew has a past to show at once"""
        first = self.dashboard()
        first.tab.wait("document.querySelector('.line').getAttribute('d').split('L').length > 4", timeout=20)
        second = self.dashboard()
        second.tab.wait("document.querySelector('.line').getAttribute('d').split('L').length > 4", timeout=1)

    def test_chart_by_keyboard(self):
        """the arrow keys read a chart, and Escape goes back to now"""
        dashboard = self.dashboard()
        dashboard.tab.wait("document.querySelector('.line').getAttribute('d').split('L').length > 3", timeout=20)
        dashboard.tab.eval("document.querySelector('.plot').focus()")
        dashboard.press("ArrowLeft", "ArrowLeft")
        self.assertRegex(dashboard.text(".when"), r"^\d+ s ago$")
        dashboard.press("Escape")
        self.assertEqual(dashboard.text(".when"), "")

    def test_endings(self):
        """how WebSockets have ended is listed with what the codes mean"""
        dashboard = self.dashboard()
        with WebSocket.open(self.server.port) as client:
            client.send(b"\x81\x02hi")
            client.read_close()
        rows = dashboard.wait_rows(lambda rows: any(row.get("Code") == "1002" for row in rows), timeout=15)
        row = next(row for row in rows if row.get("Code") == "1002")
        self.assertEqual((row["Meaning"], row["Since the start"], row["Last 5 min"]), ("Fault in the protocol", "1", "1"))


class Limits(AdminCase):
    options = ("--max-head", "1024")

    def test_limits(self):
        """a limit that was met is counted, explained, and said in the overview"""
        dashboard = self.dashboard("limits")
        quiet = {row["Limit"]: row["Last 5 min"] for row in dashboard.wait_rows(lambda rows: len(rows) > 8)}
        self.assertEqual(set(quiet.values()), {"0"})
        with Connection(self.server.port) as connection:
            self.assertEqual(connection.request("GET", "/" + "x" * 2000).status, 431)
        rows = dashboard.wait_rows(lambda rows: any(row["Last 5 min"] == "1" for row in rows), timeout=15)
        row = next(row for row in rows if row["Last 5 min"] == "1")
        self.assertEqual((row["Limit"], row["Setting"]), ("Size of a request’s head", "max-head, max-fields"))
        dashboard.show("overview")
        self.assertIn("a limit was met: size of a request’s head", dashboard.heading)
        self.assertQuiet(dashboard)


class Connections(AdminCase):
    def test_search_and_inspection(self):
        """a connection is found by its client, its topic, its transport; and shown with what it follows"""
        client = WebSocket.open(self.server.port)
        self.addCleanup(client.connection.close)
        client.ask({"type": "subscribe", "id": 1, "topic": self.topic})
        stream = EventStream.open(self.server.port, ["public/elsewhere"])
        self.addCleanup(stream.connection.close)
        dashboard = self.dashboard("connections")
        dashboard.wait_rows(lambda rows: len(rows) >= 3)
        for text in (client.client_id, self.topic):
            dashboard.page.fill("#connection-search", text)
            rows = dashboard.wait_rows(lambda rows: len(rows) == 1)
            self.assertEqual(
                (rows[0]["Transport"], rows[0]["Who"], rows[0]["Topics"], rows[0]["Route"], rows[0]["Address"]),
                ("WebSocket", client.client_id, "1", "/ws", "127.0.0.1"))
        dashboard.page.fill("#connection-search", "")
        dashboard.page.select_option("#connection-transport", "sse")
        rows = dashboard.wait_rows(lambda rows: rows and all(row["Transport"] == "Event stream" for row in rows))
        self.assertEqual({row["Route"] for row in rows}, {"/v1/events", "/admin/feed"})
        dashboard.page.select_option("#connection-transport", "")
        dashboard.page.fill("#connection-search", self.topic)
        dashboard.wait_rows(lambda rows: len(rows) == 1)
        dashboard.page.click("#view .open")
        dashboard.wait_text(".drawer", self.topic)
        for text in (client.client_id, "WebSocket", "127.0.0.1", "nobody, without a token"):
            self.assertIn(text, dashboard.text(".drawer"))
        dashboard.press("Escape")
        dashboard.tab.wait("document.querySelectorAll('dialog[open]').length === 0")
        dashboard.page.fill("#connection-search", "no such thing")
        dashboard.wait_rows(lambda rows: rows == [])
        self.assertIn("No connection fits.", dashboard.text("#view"))
        self.assertQuiet(dashboard)

    def close_from_the_page(self, dashboard, text, reason=None, stays=False):
        dashboard.page.fill("#connection-search", "nobody")
        dashboard.wait_rows(lambda rows: rows == [])
        dashboard.page.fill("#connection-search", text)
        dashboard.wait_rows(lambda rows: len(rows) == 1)
        dashboard.page.click("#view .open")
        dashboard.wait_text(".drawer .facts", "127.0.0.1")
        dashboard.page.click(".drawer .begin")
        if reason:
            dashboard.page.fill("#closing-reason", reason)
        if stays:
            dashboard.page.check("#closing-stay")
        dashboard.page.click(".drawer .closing [type=submit]")

    def test_close(self):
        """a connection is closed after a question, and the client sees the code and the words"""
        client = WebSocket.open(self.server.port)
        self.addCleanup(client.connection.close)
        dashboard = self.dashboard("connections")
        self.close_from_the_page(dashboard, client.client_id, "please come back", stays=False)
        close = client.read_close()
        self.assertEqual((close.code, close.reason), (4000, "please come back"))
        client.connection.close()
        dashboard.wait_text(".drawer", "This connection has ended.")
        dashboard.press("Escape")
        dashboard.wait_rows(lambda rows: rows == [])
        eventually(lambda: "a connection was closed from the dashboard" in self.server.log(), what="the line of the log")
        self.assertEqual([error.text for error in dashboard.tab.errors if "404" not in error.text], [])

    def test_close_for_good(self):
        """a client that is not to come back is told so; a reader of a stream too"""
        client = WebSocket.open(self.server.port)
        self.addCleanup(client.connection.close)
        stream = EventStream.open(self.server.port, [self.topic])
        self.addCleanup(stream.connection.close)
        dashboard = self.dashboard("connections")
        self.close_from_the_page(dashboard, client.client_id, stays=True)
        self.assertEqual(client.read_close().code, 4502)
        dashboard.press("Escape")
        self.close_from_the_page(dashboard, self.topic)
        with self.assertRaises(Ended):
            while True:
                stream.fill()

    def test_change_of_mind(self):
        """a question that is answered with no closes nothing"""
        with WebSocket.open(self.server.port) as client:
            dashboard = self.dashboard("connections")
            dashboard.page.fill("#connection-search", client.client_id)
            dashboard.wait_rows(lambda rows: len(rows) == 1)
            dashboard.page.click("#view .open")
            dashboard.wait_text(".drawer .facts", "127.0.0.1")
            dashboard.page.click(".drawer .begin")
            dashboard.page.click(".drawer .closing [type=button]")
            dashboard.wait_focused("Close the connection…")
            self.assertEqual(client.ask({"type": "ping", "id": 1})["type"], "reply")
            self.assertQuiet(dashboard)


class Topics(AdminCase):
    def test_topics_and_tail(self):
        """a topic is found, shown with who follows it, and its log goes on as somebody publishes"""
        for number in range(3):
            self.publish({"number": number})
        client = WebSocket.open(self.server.port)
        self.addCleanup(client.connection.close)
        client.ask({"type": "subscribe", "id": 1, "topic": self.topic})
        dashboard = self.dashboard("topics")
        dashboard.page.fill("#topic-search", self.topic.upper()[8:])
        row = dashboard.wait_rows(lambda rows: len(rows) == 1)[0]
        self.assertEqual((row["Topic"], row["Followers"], row["Events held"]), (self.topic, "1", "3"))
        dashboard.page.click("#view .open")
        dashboard.wait_text(".drawer .tail", '{"number":2}')
        dashboard.wait_text(".drawer .names", client.client_id)
        self.publish({"number": "fresh <b>"}, event="news")
        dashboard.wait_text(".drawer .tail", '{"number":"fresh <b>"}', timeout=5)
        events = dashboard.tab.eval("[...document.querySelectorAll('.tail pre')].map(one => one.textContent)")
        self.assertEqual([json.loads(event)["number"] for event in events], ["fresh <b>", 2, 1, 0])
        present = client.ask({"type": "presence", "id": 2, "topic": self.topic})
        self.assertEqual(present["count"], 1)
        dashboard.page.click(".drawer [aria-pressed]")
        self.publish({"number": "unseen"})
        dashboard.tab.pause(1.5)
        self.assertNotIn("unseen", dashboard.text(".drawer .tail"))
        dashboard.page.click(".drawer [aria-pressed]")
        dashboard.wait_text(".drawer .tail", "unseen", timeout=5)
        self.assertQuiet(dashboard)


class SocketIO(AdminCase):
    def test_namespaces(self):
        """namespaces, rooms and sockets are there, and a socket can be put out"""
        client = SocketClient.websocket(self.server.port)
        self.addCleanup(client.close)
        client.connect("/v1")
        client.ask("subscribe", self.topic, namespace="/v1")
        dashboard = self.dashboard("socketio")
        dashboard.wait_rows(lambda rows: any(row.get("Room") == self.topic for row in rows))
        rows = dashboard.rows()
        self.assertIn({"Namespace": "/v1", "Sockets": "1"}, rows)
        dashboard.page.click(f"#view .open >> text={self.topic}")
        dashboard.wait_text("#view .wide h2", f"Sockets of /v1 in the room {self.topic}")
        socket = dashboard.wait_rows(lambda rows: len(rows) == 1, "#view .wide")[0]
        self.assertEqual((socket["Transport"], socket["Rooms"]), ("websocket", "1"))
        dashboard.page.click("#view .wide .open")
        dashboard.page.click(".drawer .begin")
        dashboard.page.click(".drawer .closing [type=submit]")
        dashboard.wait_rows(lambda rows: rows == [], "#view .wide")
        with self.assertRaises(Exception) as ended:
            while True:
                client.read()
        self.assertIsInstance(ended.exception, (Ended, AssertionError))
        self.assertQuiet(dashboard)


class Nodes(AdminCase):
    def test_node(self):
        """the one node is there, with what is true of it"""
        dashboard = self.dashboard("nodes")
        row = dashboard.wait_rows(lambda rows: len(rows) == 1)[0]
        self.assertEqual((row["Role"], row["Process"]), ("stands alone", str(self.server.pid)))
        self.assertRegex(row["Memory"], r"^[\d.]+ MiB$")
        self.assertRegex(row["Open files"], r"^\d+ of [\d,]+$")
        self.assertQuiet(dashboard)


class Log(AdminCase):
    options = ("--log-level", "debug")

    def lines(self, dashboard):
        return dashboard.tab.eval("[...document.querySelectorAll('.log li')].map(one => one.innerText)")

    def test_log(self):
        """lines come as they are written, and are filtered by words and by level"""
        dashboard = self.dashboard("log")
        dashboard.tab.wait("document.querySelectorAll('.log li').length > 0")
        with WebSocket.open(self.server.port) as client:
            name = client.client_id
        dashboard.wait_text(".log", name, timeout=5)
        dashboard.page.fill("#log-search", f"closed {name}")
        dashboard.tab.wait("document.querySelectorAll('.log li').length === 1")
        self.assertIn("connection closed", self.lines(dashboard)[0])
        dashboard.page.fill("#log-search", "")
        dashboard.page.select_option("#log-level", "notice")
        dashboard.tab.wait("document.querySelectorAll('.log li').length > 0")
        levels = dashboard.tab.eval("[...document.querySelectorAll('.log li')].map(one => one.dataset.level)")
        self.assertLessEqual(set(levels), {"notice", "warning", "error", "critical"})
        self.assertTrue(any("somebody has entered the dashboard" in line for line in self.lines(dashboard)))
        self.assertQuiet(dashboard)

    def test_pause(self):
        """a log that was stopped stands still, and goes on with what came meanwhile"""
        dashboard = self.dashboard("log")
        dashboard.press("p")
        dashboard.wait_text("#view > div > .hint", "Stopped.")
        with WebSocket.open(self.server.port) as client:
            name = client.client_id
        eventually(lambda: name in self.server.log(), what="the line of the connection")
        dashboard.tab.pause(1)
        self.assertFalse(any(name in line for line in self.lines(dashboard)))
        dashboard.press("p")
        dashboard.wait_text(".log", name, timeout=5)


class Keyboard(AdminCase):
    def test_without_a_pointer(self):
        """everything can be done with the keyboard alone"""
        self.publish({"text": "hello"})
        client = WebSocket.open(self.server.port)
        self.addCleanup(client.connection.close)
        dashboard = Dashboard(self.browser, self.server.url)
        self.addCleanup(dashboard.close)
        dashboard.wait_focused("password")
        dashboard.page.keyboard.type(PASSWORD)
        dashboard.press("Enter")
        dashboard.wait_live()
        dashboard.press("2")
        dashboard.wait_heading("Connections")
        dashboard.press("/")
        dashboard.wait_focused("connection-search")
        dashboard.page.keyboard.type(client.client_id)
        dashboard.wait_rows(lambda rows: len(rows) == 1)
        dashboard.wait_heading("Connections")
        dashboard.press("Escape", "Tab")
        dashboard.tab.eval("document.getElementById('connection-transport').focus()")
        dashboard.press("Tab", "Enter")
        dashboard.wait_text(".drawer .facts", "127.0.0.1")
        dashboard.press("Tab", "Tab", "Enter")
        dashboard.wait_focused("Close the connection")
        dashboard.press("Enter")
        self.assertEqual(client.read_close().code, 4000)
        client.connection.close()
        dashboard.wait_text(".drawer", "This connection has ended.")
        dashboard.press("Escape")
        dashboard.tab.wait("document.querySelectorAll('dialog').length === 1")
        dashboard.press("?")
        dashboard.tab.wait("document.getElementById('keys').open")
        dashboard.press("Escape")
        dashboard.press("3")
        dashboard.wait_heading("Topics")
        dashboard.wait_rows(lambda rows: len(rows) >= 1)

    def test_single_keys_off(self):
        """single keys can be turned off, and stay off"""
        dashboard = self.dashboard()
        dashboard.press("?")
        dashboard.page.uncheck("#shortcuts")
        dashboard.press("Escape", "2")
        self.assertNotEqual(dashboard.heading, "Connections")
        dashboard.page.reload()
        dashboard.wait_live()
        dashboard.press("2")
        self.assertNotEqual(dashboard.heading, "Connections")
        self.assertQuiet(dashboard)
