# SPDX-License-Identifier: Apache-2.0
# SPDX-FileCopyrightText: Hibiki contributors
"""Python's `websockets` and `httpx-sse`."""

import contextlib
import json

import httpx
from httpx_sse import connect_sse
from websockets.exceptions import ConnectionClosed
from websockets.sync.client import connect

from support.case import ServerCase


class Connection:
    """A `websockets` connection that speaks JSON, with its client id from `welcome`."""

    def __init__(self, url, **options):
        self.stack = contextlib.ExitStack()
        self.socket = self.stack.enter_context(connect(url, open_timeout=10, proxy=None, **options))
        self.id = self.receive("welcome")["clientId"]

    def send(self, **message):
        self.socket.send(json.dumps(message))

    def receive(self, kind):
        """The next message, which must be of this type."""
        message = json.loads(self.socket.recv(timeout=10))
        if message["type"] != kind:
            raise AssertionError(f"expected {kind}, got {message}")
        return message

    def ask(self, kind, **message):
        self.send(**message)
        return self.receive(kind)

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.stack.close()


class Websockets(ServerCase):
    def connection(self, **options):
        return Connection(self.server.ws + "/ws", **options)

    def test_subscribe_and_publish(self):
        """websockets subscribes, publishes and gets its own event"""
        with self.connection(subprotocols=["hibiki.json"]) as one:
            self.assertEqual(one.socket.subprotocol, "hibiki.json")
            self.assertEqual(one.ask("reply", type="subscribe", topic=self.topic, id=1)["id"], 1)
            one.send(type="publish", topic=self.topic, event="headline", payload={"text": "響"}, id="a")
            got = {message["type"]: message for message in (json.loads(one.socket.recv(timeout=10)) for _ in range(2))}
            self.assertEqual(got["reply"]["position"], got["event"]["position"])
            self.assertEqual((got["event"]["payload"], got["event"]["from"]), ({"text": "響"}, one.id))

    def test_resume(self):
        """websockets comes back with its last position and loses nothing"""
        with self.connection() as one:
            one.ask("reply", type="subscribe", topic=self.topic, id=1)
            self.publish({"n": 1})
            seen = one.receive("event")["position"]
        self.publish({"n": 2})
        self.publish({"n": 3})
        with self.connection() as two:
            two.ask("reply", type="subscribe", topic=self.topic, since=seen, id=1)
            self.assertEqual([two.receive("event")["payload"] for _ in range(2)], [{"n": 2}, {"n": 3}])
            self.publish({"n": 4})
            self.assertEqual(two.receive("event")["payload"], {"n": 4})

    def test_gap(self):
        """a position that is gone is answered with a gap"""
        with self.connection() as one:
            reply = one.ask("reply", type="subscribe", topic=self.topic, since="00000000-7", id=1)
            self.assertIs(reply["gap"], True)

    def test_broadcast_and_direct(self):
        """broadcast reaches all others, direct reaches one"""
        with self.connection() as one, self.connection() as two:
            one.send(type="broadcast", payload={"to": "all"})
            got = two.receive("broadcast")
            self.assertEqual((got["from"], got["payload"]), (one.id, {"to": "all"}))
            reply = two.ask("reply", type="direct", targetId=one.id, payload=[1, 2], id=9)
            self.assertIs(reply["delivered"], True)
            self.assertEqual(one.receive("direct")["payload"], [1, 2])
            self.assertIs(one.ask("reply", type="direct", targetId="nobody", payload=0, id=9)["delivered"], False)

    def test_history_and_presence(self):
        """history reads the log, presence says who is subscribed"""
        positions = [self.publish({"n": n}) for n in range(5)]
        with self.connection() as one:
            reply = one.ask("reply", type="history", topic=self.topic, since="earliest", limit=3, id=1)
            self.assertEqual([event["position"] for event in reply["events"]], positions[:3])
            reply = one.ask("reply", type="history", topic=self.topic, since=reply["position"], limit=3, id=2)
            self.assertEqual([event["position"] for event in reply["events"]], positions[3:])
            one.ask("reply", type="subscribe", topic=self.topic, id=3)
            presence = one.ask("presence", type="presence", topic=self.topic, id=4)
            self.assertEqual((presence["count"], presence["clients"]), (1, [one.id]))

    def test_ping(self):
        """a ping of the protocol and a ping frame are both answered"""
        with self.connection() as one:
            self.assertEqual(one.ask("reply", type="ping", id=5), {"type": "reply", "id": 5})
            self.assertTrue(one.socket.ping(b"are you there").wait(10))

    def test_errors_keep_the_connection(self):
        """a message that is not understood gets an error, and the connection stays"""
        with self.connection() as one:
            one.socket.send("{")
            self.assertEqual(one.receive("error")["code"], "invalid_message")
            self.assertEqual(one.ask("error", type="dance", id=1)["code"], "unknown_type")
            self.assertEqual(one.ask("error", type="subscribe", topic="secret", id=2)["code"], "permission_denied")
            self.assertEqual(one.ask("reply", type="ping", id=3)["id"], 3)

    def test_compression(self):
        """permessage-deflate is agreed, and large messages pass both ways"""
        text = "resonance " * 5_000
        with self.connection() as one:
            self.assertIn("permessage-deflate", one.socket.response.headers["Sec-WebSocket-Extensions"])
            one.ask("reply", type="subscribe", topic=self.topic, id=1)
            one.send(type="publish", topic=self.topic, payload=text)
            self.assertEqual(one.receive("event")["payload"], text)

    def test_without_compression(self):
        """a client without permessage-deflate is served as well"""
        text = "resonance " * 5_000
        with self.connection(compression=None) as one:
            self.assertNotIn("Sec-WebSocket-Extensions", one.socket.response.headers)
            one.ask("reply", type="subscribe", topic=self.topic, id=1)
            one.send(type="publish", topic=self.topic, payload=text)
            self.assertEqual(one.receive("event")["payload"], text)

    def test_message_too_large(self):
        """a message above 64 KiB closes the connection with 1009"""
        with self.connection(compression=None) as one:
            one.socket.send("x" * (64 * 1024 + 1))
            with self.assertRaises(ConnectionClosed) as closed:
                one.socket.recv(timeout=10)
            self.assertEqual(closed.exception.rcvd.code, 1009)

    def test_binary(self):
        """a binary message closes the connection with 1003"""
        with self.connection() as one:
            one.socket.send(b"\x00\x01")
            with self.assertRaises(ConnectionClosed) as closed:
                one.socket.recv(timeout=10)
            self.assertEqual(closed.exception.rcvd.code, 1003)


class HttpxSSE(ServerCase):
    def stream(self, client, last=None):
        headers = {"Last-Event-ID": last} if last else {}
        return connect_sse(client, "GET", self.events_url(), headers=headers)

    def events(self, source):
        """The events of a stream, without those that only hold `retry`."""
        return (event for event in source.iter_sse() if event.data)

    def test_stream(self):
        """httpx-sse reads the stream, and comes back where it was cut"""
        with httpx.Client(timeout=10, trust_env=False) as client:
            with self.stream(client) as source:
                events = self.events(source)
                self.assertEqual(next(events).event, "connected")
                position = self.publish({"n": 1}, event="headline")
                got = next(events)
                self.assertEqual((got.event, got.id, got.json()), ("headline", position, {"n": 1}))
            self.publish({"n": 2})
            with self.stream(client, last=got.id) as source:
                events = self.events(source)
                self.assertEqual(next(events).event, "connected")
                self.assertEqual(next(events).json(), {"n": 2})
                self.publish("line one\nline two")
                self.assertEqual(next(events).json(), "line one\nline two")
