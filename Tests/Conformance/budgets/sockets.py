# SPDX-License-Identifier: Apache-2.0
# SPDX-FileCopyrightText: Hibiki contributors
"""Socket.IO: packets as they are, python-socketio, and socket.io-client in Node."""

from __future__ import annotations

import json
import queue

import socketio

from budgets.case import BudgetCase, few, rest
from clients.bundles import place
from socketio_clients.players import SCRIPTS, WWW
from support.lines import Lines
from support.rawsocketio import CONNECT_ERROR, SocketClient


class Sockets(BudgetCase):
    budgets = {"messages_per_connection": "5/s burst 10", "bytes_per_connection": "20000/s burst 20000"}

    def client(self, transport="websocket") -> SocketClient:
        client = self.opened(getattr(SocketClient, transport)(self.server.port))
        client.connect("/v1")
        return client

    def publish_one(self, client, number):
        return client.ask("publish", self.topic, "message", number, namespace="/v1", id=number)[0]

    def goes_on_until_refused(self, client):
        done = []
        while "error" not in (answer := self.publish_one(client, len(done))):
            done.append(len(done))
        self.assertGreaterEqual(len(done), 9)
        return done, answer["error"]

    def test_an_event_too_many_is_refused_in_its_ack_and_the_time_that_it_says_is_right(self):
        for transport in ("websocket", "polling"):
            with self.subTest(transport):
                self.topic += transport
                client, neighbour = self.client(transport), self.client()
                done, error = self.goes_on_until_refused(client)
                self.assertEqual(self.publish_one(neighbour, 1_000).keys(), {"position"})
                rest(self.assert_limited({"message": error["message"], **error["data"]}))
                self.assertEqual(self.publish_one(client, 2_000).keys(), {"position"})
                body, _ = self.poll()
                self.assertEqual([event["payload"] for event in body["events"]], [*done, 1_000, 2_000])

    def test_an_event_without_an_ack_is_refused_with_an_event(self):
        client = self.client()
        for number in range(20):
            client.emit("publish", self.topic, "message", number, namespace="/v1")
        name, error = client.event()
        self.assertEqual(name, "error")
        self.assert_limited({"message": error["message"], **error["data"]})

    def test_attachments_count_with_their_packet(self):
        client = self.client()
        client.send('51-/v1,["blob",{"_placeholder":true,"num":0}]', b"x" * 30_000)
        client.send('51-/v1,1["blob",{"_placeholder":true,"num":0}]', b"x")
        message = client.message()
        self.assert_limited({"message": message.data[0]["error"]["message"], **message.data[0]["error"]["data"]})


class Namespaces(BudgetCase):
    budgets = {"joins_per_connection": few(3)}

    def test_namespaces_and_topics_are_joins(self):
        client = self.opened(SocketClient.websocket(self.server.port))
        client.connect("/v1")
        kinds = [list(client.ask("subscribe", f"{self.topic}/{n}", namespace="/v1", id=n)[0])[0] for n in range(3)]
        self.assertEqual(kinds, ["topic", "topic", "error"])
        client.emit("subscribe", self.topic, namespace="/v1")
        self.assertEqual(client.event()[0], "error")
        client.send("0/")
        message = client.message()
        self.assertEqual(message.type, CONNECT_ERROR)
        self.assert_limited({"message": message.data["message"], **message.data["data"]})

    def test_sessions_by_polling_are_joins_of_their_connection(self):
        connection = self.connect()
        statuses = [connection.request("GET", "/socket.io/?EIO=4&transport=polling").status for _ in range(5)]
        self.assertEqual(statuses, [200, 200, 200, 429, 429])


class SocketPatience(BudgetCase):
    budgets = {"messages_per_connection": few(3), "refusals_per_connection": few(5)}

    def test_who_goes_on_is_disconnected_and_others_are_not(self):
        client, neighbour = (self.opened(SocketClient.websocket(self.server.port)) for _ in range(2))
        for each in (client, neighbour):
            each.connect("/v1")
        for number in range(40):
            client.emit("publish", self.topic, "message", number, namespace="/v1")
        for _ in range(6):
            self.assertEqual(client.event()[0], "error")
        self.assertIsNone(client.engine.read_close().code)
        self.assertIn("position", neighbour.ask("publish", self.topic, "message", 1, namespace="/v1")[0])


class Clients(BudgetCase):
    budgets = {"messages_per_connection": "10/s burst 10"}

    def test_python_socketio_reads_the_refusal_in_its_ack_and_in_an_event(self):
        heard = queue.Queue()
        client = socketio.Client(reconnection=False)
        client.on("error", heard.put, namespace="/v1")
        client.connect(self.server.url, namespaces=["/v1"], transports=["websocket"], wait_timeout=10)
        self.addCleanup(client.disconnect)
        while "error" not in (answer := client.call("publish", (self.topic, "message", 1), namespace="/v1", timeout=10)):
            pass
        error = answer["error"]
        rest(self.assert_limited({"message": error["message"], **error["data"]}))
        self.assertIn("position", client.call("publish", (self.topic, "message", 1), namespace="/v1", timeout=10))
        for _ in range(30):
            client.emit("publish", (self.topic, "message", 1), namespace="/v1")
        error = heard.get(timeout=10)
        self.assert_limited({"message": error["message"], **error["data"]})

    def test_socket_io_client_in_node_does_too(self):
        for transport in ("websocket", "polling"):
            with self.subTest(transport):
                setting = {"direct": self.server.url, "linked": self.server.url, "options": {"transports": [transport]}}
                with Lines("node", "-r", SCRIPTS / "globals.cjs", SCRIPTS / "main.mjs", place(WWW, "4.8.1"),
                           "budgets.mjs", "limited", json.dumps(setting)) as lines:
                    while (line := lines.next(timeout=60)) != "done":
                        if line is None:
                            self.fail("\n" + "\n".join(lines.seen[:-1]))
