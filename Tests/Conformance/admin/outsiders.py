# SPDX-License-Identifier: Apache-2.0
# SPDX-FileCopyrightText: Hibiki contributors
"""Whom the dashboard is not for: other sites, and clients of every transport."""

import json
import urllib.parse

from admin.case import OWN, AdminCase
from support.rawclient import Connection
from support.rawevents import poll, post, publication
from support.rawsocketio import SocketClient
from support.rawwebsocket import WebSocket

TOPIC = "$admin/feed"
FETCH = """async ([url, options]) => {
    try {
        const answer = await fetch(url, { credentials: 'include', ...options })
        return { type: answer.type, text: await answer.text() }
    } catch (error) {
        return { error: error.name }
    }
}"""
STREAM = """url => new Promise((done) => {
    const source = new EventSource(url, { withCredentials: true })
    source.addEventListener('samples', () => done('samples'))
    source.onerror = () => { source.close(); done('refused') }
})"""
FRAME = """url => new Promise((done) => {
    const frame = document.createElement('iframe')
    frame.onload = () => { try { done(frame.contentDocument?.title ?? 'refused') } catch { done('refused') } }
    frame.src = url
    document.body.append(frame)
})"""


class OtherSites(AdminCase):
    """A page of the same server under another name, without a policy of its own, beside the operator's cookies."""

    options = ("--allowed-origin", "*")

    def other_page(self):
        dashboard = self.dashboard()
        tab = self.browser.open(f"http://localhost:{self.server.port}/health", context=dashboard.tab.context)
        self.addCleanup(tab.close)
        return tab

    def test_reading(self):
        """a page of another origin reads nothing, though other paths are open to it"""
        tab = self.other_page()
        open_one = tab.eval(FETCH, [f"{self.server.url}/health", {"credentials": "omit"}])
        self.assertIn('"status":"ok"', open_one["text"])
        for path in ("/admin/", "/admin/api/session", "/admin/api/connections", "/admin/feed"):
            self.assertEqual(tab.eval(FETCH, [self.server.url + path, {}]), {"error": "TypeError"}, path)
        blind = tab.eval(FETCH, [f"{self.server.url}/admin/api/session", {"mode": "no-cors"}])
        self.assertEqual(blind.get("text", ""), "")
        self.assertEqual(tab.eval(STREAM, f"{self.server.url}/admin/feed"), "refused")

    def test_frames(self):
        """no page shows the dashboard in a frame, not even one of its own origin"""
        tab = self.other_page()
        self.assertEqual(tab.eval(FRAME, f"{self.server.url}/admin/"), "refused")

    def test_forged_requests(self):
        """what a form of another site can send does nothing, even with the cookie"""
        session = self.session()
        with WebSocket.open(self.server.port) as client:
            listed = self.ask("connections?transport=websocket", session)["items"]
            path = f"/admin/api/connections/{listed[0]['id']}/close"
            forged = [
                [("Content-Type", "application/x-www-form-urlencoded"), ("Origin", "https://evil.example")],
                [("Content-Type", "text/plain"), ("Origin", "null")],
                [("Content-Type", "text/plain"), ("Sec-Fetch-Site", "cross-site")],
                [OWN, ("Origin", f"http://localhost:{self.server.port}")],
                [OWN, ("Sec-Fetch-Site", "same-site")],
                [],
            ]
            for headers in forged:
                with Connection(self.server.port) as connection:
                    answer = connection.request("POST", path, [session, *headers], b"{}")
                    self.assertEqual(answer.status, 403, headers)
                    self.assertIsNone(answer.header("access-control-allow-origin"))
            self.assertEqual(client.ask({"type": "ping", "id": 1})["type"], "reply")

    def test_without_a_session(self):
        """without a session there is nothing to see, whatever is asked"""
        for path in ("connections", "connections/0.1", "topics", "topic?name=a", "topic/events?name=a", "namespaces",
                     "namespaces/rooms?namespace=/", "namespaces/sockets?namespace=/", "nodes"):
            for headers in ([OWN], [OWN, ("Cookie", "hibiki-admin=" + "A" * 43)]):
                answer = self.connect().request("GET", f"/admin/api/{path}", headers)
                self.assertEqual((answer.status, answer.error_code()), (401, "authentication_required"), path)
        for path in ("connections/0.1/close", "sockets/close", "logout"):
            answer = self.connect().request("POST", f"/admin/api/{path}", [OWN], b"{}")
            self.assertEqual(answer.status, 401, path)

    def test_mistakes(self):
        """what makes no sense is answered with 400 or 404, and never with a fault of the server"""
        session = self.session()
        for method, path, body, status in (
            ("GET", "connections?after=x", None, 400), ("GET", "connections?transport=pigeon", None, 400),
            ("GET", "connections?text=" + "x" * 600, None, 400), ("GET", "connections/99.1", None, 404),
            ("GET", "connections/x", None, 400), ("GET", "topic", None, 400), ("GET", "topic?name=nobody", None, 404),
            ("GET", "topic/events?name=a%00b", None, 400), ("GET", "topics?after=%24admin", None, 400),
            ("GET", "namespaces/rooms?namespace=/none", None, 404), ("GET", "namespaces/sockets", None, 400),
            ("GET", "nothing", None, 404),
            ("POST", "connections/0.99999/close", b"{}", 404), ("POST", "connections/0.1/close", b"{", 400),
            ("POST", "connections/0.1/close", b'{"code":1000}', 400),
            ("POST", "connections/0.1/close", b'{"code":99999999999999999999}', 400),
            ("POST", "connections/0.1/close", b'{"reason":"' + b"x" * 200 + b'"}', 400),
            ("POST", "connections/0.1/close", b'{"reason":"\xff"}', 400),
            ("POST", "connections/0.1/close", b"x" * 5000, 413),
            ("POST", "sockets/close", b"{}", 400),
            ("POST", "sockets/close", b'{"namespace":"/","socket":"none"}', 404),
        ):
            answer = self.connect().request(method, f"/admin/api/{path}", [OWN, session], body)
            self.assertEqual(answer.status, status, (path, body, answer.body))


class Clients(AdminCase):
    """Topics of the server's own are nobody's: they can be neither followed nor read, written to, or found."""

    def setUp(self):
        super().setUp()
        self.watcher = self.dashboard()

    def test_websocket(self):
        """a WebSocket can do nothing with them"""
        with WebSocket.open(self.server.port) as client:
            for message in ({"type": "subscribe"}, {"type": "history", "since": "earliest", "limit": 10},
                            {"type": "presence"}, {"type": "publish", "event": "sample", "payload": 1}):
                answer = client.ask({"id": 1, "topic": TOPIC, **message})
                self.assertEqual((answer["type"], answer["code"]), ("error", "invalid_topic"), message)
            self.assertEqual(client.ask({"type": "ping", "id": 2})["type"], "reply")

    def test_http(self):
        """neither can streams, polls, and who publishes over HTTP"""
        with Connection(self.server.port) as connection:
            for parameters in ({}, {"wait": 1}):
                answer = poll(connection, [TOPIC], "earliest", **parameters)
                self.assertEqual((answer.status, answer.error_code()), (400, "invalid_topic"))
            answer = post(connection, publication(TOPIC, 1, "sample"))
            self.assertEqual((answer.status, answer.error_code()), (400, "invalid_topic"))
            path = "/v1/events?" + urllib.parse.urlencode({"topic": TOPIC})
            answer = connection.request("GET", path, [("Accept", "text/event-stream")])
            self.assertEqual((answer.status, answer.error_code()), (400, "invalid_topic"))

    def test_socket_io(self):
        """neither can a client of Socket.IO"""
        client = SocketClient.websocket(self.server.port)
        self.addCleanup(client.close)
        client.connect("/v1")
        client.emit("subscribe", TOPIC, namespace="/v1", id=1)
        answer = client.message()
        self.assertIn("invalid_topic", json.dumps(answer.data))

    def test_lists_and_counts(self):
        """no list names them, and health does not count them"""
        session = self.session()
        self.publish(1)
        names = [item["topic"] for item in self.ask("topics", session)["items"]]
        self.assertIn(self.topic, names)
        self.assertEqual([name for name in names if name.startswith("$")], [])
        with Connection(self.server.port) as connection:
            health = connection.request("GET", "/health").json()
        self.assertEqual((health["rooms"], health["log"]["topics"]), (0, len(names)))

    def test_broadcasts(self):
        """what is said to all is not said to the dashboard"""
        with WebSocket.open(self.server.port) as client:
            client.send_json({"type": "broadcast", "payload": {"text": "to all"}})
            client.ask({"type": "ping", "id": 1})
        self.watcher.tab.pause(0.3)
        self.assertQuiet(self.watcher)
