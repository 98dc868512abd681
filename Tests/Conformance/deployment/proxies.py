# SPDX-License-Identifier: Apache-2.0
# SPDX-FileCopyrightText: Hibiki contributors
"""Every transport through nginx and HAProxy, as their example configurations set them up."""

import json
import unittest

from deployment.proxy import HAProxy, Nginx
from support.case import ServerCase
from support.rawclient import Connection
from support.rawevents import EventStream
from support.rawsocketio import SocketClient
from support.rawwebsocket import DEFLATE, WebSocket
from support.server import Server, eventually


class Behind:
    """The tests of both proxies."""

    proxy_type = None
    arguments = ("--trusted-proxy", "127.0.0.1", "--log-format", "json", "--log-rate", "0")

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.addClassCleanup(cls.server.stop)
        cls.proxy = cls.proxy_type(cls.server.port)
        cls.addClassCleanup(cls.proxy.stop)
        cls.proxy.wait()
        cls.base = f"http://127.0.0.1:{cls.proxy.port}"

    def get(self, path, headers=()):
        with Connection(self.proxy.port) as connection:
            return connection.request("GET", path, headers)

    def log_path(self, **query):
        """The path of the log for this test's topic, with its query."""
        return self.events_url(self.base, **query).removeprefix(self.base)

    def test_the_proxy_has_nothing_to_say_about_the_example(self):
        self.assertNotRegex(self.proxy.verdict.lower(), r"\[?(warning|alert|emerg|notice)")

    def test_a_websocket_passes_with_its_origin_and_its_compression(self):
        headers = (("Origin", self.base), *DEFLATE)
        with WebSocket.open(self.proxy.port, headers=headers) as one:
            one.send_json({"type": "subscribe", "topic": self.topic, "id": 1})
            self.assertEqual(one.read_json()["type"], "reply")
            for number in range(3):
                self.publish({"n": number}, base=self.base)
                self.assertEqual(one.read_json()["payload"], {"n": number})

    def test_each_event_of_a_stream_passes_at_once(self):
        with EventStream.open(self.proxy.port, [self.topic]) as stream:
            stream.read_until("connected")
            for number in range(3):
                position = self.publish({"n": number}, base=self.base)
                event = stream.read_event()
                self.assertEqual((event.id, event.json()), (position, {"n": number}))

    def test_short_and_long_polls_pass(self):
        position = self.publish({"n": 1}, base=self.base)
        body, last = self.poll(self.base)
        self.assertEqual(([event["position"] for event in body["events"]], last), ([position], body["lastEventId"]))
        path = self.log_path(since=last, wait=1)
        answer = self.get(path)
        self.assertEqual((answer.status, answer.header("Last-Event-ID")), (204, last))

    def test_a_long_poll_is_answered_when_something_happens(self):
        _, last = self.poll(self.base)
        with Connection(self.proxy.port) as waiting:
            path = self.log_path(since=last, wait=25)
            waiting.send(f"GET {path} HTTP/1.1\r\nHost: {waiting.host}\r\n\r\n".encode())
            position = self.publish({"n": 1}, base=self.base)
            answer = waiting.read_response()
            self.assertEqual(answer.status, 200, answer)
            self.assertEqual([event["position"] for event in json.loads(answer.body)["events"]], [position])

    def converse(self, client):
        """Subscribes and publishes, in the namespace that `hibiki serve` has."""
        try:
            client.connect("/v1")
            client.emit("subscribe", self.topic, namespace="/v1", id=1)
            self.assertEqual(client.message().data[0]["topic"], self.topic)
            self.publish({"n": 1}, base=self.base)
            self.assertEqual(client.event(), ["message", {"n": 1}])
        finally:
            client.close()

    def test_socketio_passes_over_websocket(self):
        self.converse(SocketClient.websocket(self.proxy.port))

    def test_socketio_passes_over_polling(self):
        self.converse(SocketClient.polling(self.proxy.port))

    def test_the_server_is_told_whom_a_connection_comes_from_whatever_a_client_says_about_itself(self):
        forged = (("X-Forwarded-For", "203.0.113.9"), ("Origin", self.base))
        with WebSocket.open(self.proxy.port, headers=forged, source="127.0.0.2", welcome=False) as one:
            client = one.read_json()["clientId"]

        def line():
            entries = [json.loads(text) for text in self.server.log().splitlines() if text.startswith("{")]
            return [entry for entry in entries if entry.get("client") == client]
        (entry,) = eventually(line, what="the line of the connection")
        self.assertEqual((entry["address"], entry["transport"]), ("127.0.0.2", "websocket"))

    def test_metrics_and_the_dashboard_are_kept_to_this_machine(self):
        for path in ("/metrics", "/admin/", "/admin/connections"):
            self.assertEqual(self.get(path).status, 404, path)
        self.assertEqual(self.get("/readyz").status, 200)


class BehindNginx(Behind, ServerCase):
    proxy_type = Nginx


class BehindHAProxy(Behind, ServerCase):
    proxy_type = HAProxy


class Rotation(unittest.TestCase):
    def test_haproxy_gives_up_a_server_that_stops(self):
        with Server() as server:
            proxy = HAProxy(server.port)
            self.addCleanup(proxy.stop)
            proxy.wait()
            with Connection(proxy.port) as connection:
                self.assertEqual(connection.request("GET", "/readyz").status, 200)
            server.process.terminate()
            eventually(
                lambda: "is DOWN" in proxy.output.read_text(errors="replace"), 15, what="HAProxy giving the server up")
            with Connection(proxy.port) as connection:
                self.assertEqual(connection.request("GET", "/readyz").status, 503)
