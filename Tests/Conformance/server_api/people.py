# SPDX-License-Identifier: Apache-2.0
# SPDX-FileCopyrightText: Hibiki contributors
"""Connections and users over every transport: found, described, told, ended."""

import contextlib
import subprocess
import threading
import unittest

from server_api.case import ApiCase, ask, make_key, segment
from support.rawclient import Ended
from support.rawevents import EventStream
from support.rawsocketio import SocketClient
from support.rawwebsocket import WebSocket
from support.server import Server, eventually
from tls.authority import Authority


class Poller(threading.Thread):
    """A long poll, whose answer is `answer` at the end."""

    def __init__(self, url, topic, token):
        super().__init__(daemon=True)
        self.url, self.answer = f"{url}/v1/events?topic={topic}&wait=30&access_token={token}", None
        self.start()

    def run(self):
        self.answer = ask(self.url)


class People(ApiCase):
    def connections(self, query=""):
        answer = self.ask(f"/v1/connections?{query}", key=self.key)
        self.assertEqual(answer.status, 200, answer.body)
        return answer.json["connections"]

    @contextlib.contextmanager
    def somebody(self, user, topic="public/people"):
        """A user on every transport, who follows a topic on each of them."""
        token = self.token(user)
        with contextlib.ExitStack() as stack:
            native = stack.enter_context(WebSocket.open(self.server.port, path=f"/ws?access_token={token}"))
            native.ask({"type": "subscribe", "topic": topic, "id": 1})
            stream = stack.enter_context(EventStream.open(
                self.server.port, [topic, "public/other"], headers=[("Authorization", f"Bearer {token}")]))
            stream.read_until("connected")
            poll = Poller(self.server.url, topic, token)
            socket = SocketClient.joined(self.server.port, "/v1", {"token": token})
            stack.callback(socket.close)
            socket.ask("subscribe", topic, namespace="/v1")
            eventually(lambda: len(self.connections(f"principal={segment(user)}&topic={segment(topic)}")) == 4,
                       what="all four are there")
            yield native, stream, poll, socket

    def test_each_transport_is_found_by_what_it_is_and_whom_it_serves(self):
        with self.somebody("ann"):
            found = {each["transport"] + each["route"]: each for each in self.connections("principal=ann")}
            self.assertEqual(
                set(found), {"websocket/ws", "sse/v1/events", "long-poll/v1/events", "websocket/socket.io/"})
            for each in found.values():
                self.assertEqual((each["principal"], each["address"]), ("ann", "127.0.0.1"))
                self.assertIn("public/people", each["topics"])
                self.assertGreater(each["bytesIn"], 0)
                alone = self.ask(f"/v1/connections/{each['id']}", key=self.key)
                self.assertEqual((alone.status, alone.json["route"]), (200, each["route"]))
            self.assertEqual(found["websocket/socket.io/"]["sockets"][0]["rooms"], ["public/people"])
            for query, count in (("transport=sse", 1), ("route=/ws", 1), ("topic=public/other", 1), ("address=127.0.0.9", 0),
                                 ("search=public/peo", 4), ("search=nothing-like-it", 0),
                                 (f"client={found['websocket/ws']['clientId']}", 1)):
                self.assertEqual(len(self.connections(f"principal=ann&{query}")), count, query)

    def test_a_user_that_is_disconnected_is_told_on_every_transport_and_nobody_else_is(self):
        with self.somebody("bob") as (native, stream, poll, socket), WebSocket.open(self.server.port) as other:
            answer = self.ask("/v1/users/bob/disconnect", "POST", {"code": 4600, "reason": "you are out"}, self.key)
            self.assertEqual(answer.json, {"connections": 3, "sockets": 1})
            close = native.read_close()
            self.assertEqual((close.code, close.reason), (4600, "you are out"))
            told = {"code": 4600, "message": "you are out", "retry": False}
            self.assertEqual(stream.read_until("server:disconnect").json(), told)
            with self.assertRaises(Ended):
                stream.read_event()
            poll.join(10)
            self.assertEqual((poll.answer.status, poll.answer.code), (403, "disconnected"))
            self.assertEqual(socket.event(), ["server:disconnect", told])
            self.assertEqual(socket.message().type, "1")
            native.connection.close()
            eventually(lambda: not self.connections("principal=bob"), what="all of them are gone")
            self.assertEqual(other.ask({"type": "ping", "id": 1}), {"type": "reply", "id": 1})

    def test_a_code_that_invites_back_is_no_refusal(self):
        with self.somebody("cid") as (native, stream, poll, socket):
            answer = self.ask("/v1/users/cid/disconnect", "POST", {"code": 4100}, self.key)
            self.assertEqual(answer.json, {"connections": 3, "sockets": 1})
            self.assertEqual(native.read_close().code, 4100)
            self.assertTrue(stream.read_until("server:disconnect").json()["retry"])
            poll.join(10)
            self.assertEqual(poll.answer.status, 204)
            self.assertEqual(socket.event()[0], "server:disconnect")
            with self.assertRaises((Ended, AssertionError)):
                # No packet puts it out of its namespace: it comes back by itself.
                socket.message()

    def test_whoever_is_taken_out_of_a_topic_is_told_and_hears_no_more(self):
        with self.somebody("dan") as (native, stream, _, socket):
            path = "/v1/topics/public%2Fpeople/subscribers/dan"
            self.assertEqual(self.ask(path, "DELETE", key=self.orders).code, "permission_denied")
            self.assertEqual(self.ask(path, "DELETE", key=self.key).json, {"connections": 3, "sockets": 1})
            self.assertEqual(native.read_json(), {"type": "unsubscribed", "topic": "public/people"})
            self.assertEqual(stream.read_until("unsubscribed").json(), {"topic": "public/people"})
            self.assertEqual(socket.event(), ["unsubscribed", {"topic": "public/people"}])
            self.ask("/v1/events", "POST", {"topics": ["public/people", "public/other"], "payload": "after"}, self.key)
            # The stream follows another one still, and this is the first that it hears.
            event = stream.read_event()
            self.assertEqual((event.event, event.json()), ("message", "after"))
            self.assertEqual(native.ask({"type": "ping", "id": 9}), {"type": "reply", "id": 9})
            # Nobody is left to be taken out.
            self.assertEqual(self.ask(path, "DELETE", key=self.key).json, {"connections": 0, "sockets": 0})

    def test_one_connection_is_ended_by_its_id(self):
        with WebSocket.open(self.server.port) as socket:
            found = self.connections(f"client={socket.client_id}")
            path = f"/v1/connections/{found[0]['id']}"
            self.assertEqual(self.ask(path + "?code=1000", "DELETE", key=self.key).code, "invalid_message")
            self.assertEqual(self.ask(path + "?reason=" + "x" * 124, "DELETE", key=self.key).code, "invalid_message")
            answer = self.ask(path + "?code=4400&reason=moved", "DELETE", key=self.key)
            self.assertEqual((answer.status, answer.body), (204, b""))
            close = socket.read_close()
            self.assertEqual((close.code, close.reason), (4400, "moved"))
        eventually(lambda: self.ask(path, key=self.key).status == 404, what="it is gone")
        self.assertEqual(self.ask(path, "DELETE", key=self.key).code, "not_found")

    def test_hundreds_of_connections_come_page_by_page_each_once(self):
        with contextlib.ExitStack() as stack:
            wanted = {stack.enter_context(WebSocket.open(self.server.port)).client_id for _ in range(300)}
            ids, heard, cursor = [], set(), ""
            while True:
                page = self.ask(f"/v1/connections?route=/ws&limit=37{cursor}", key=self.key).json
                ids += [each["id"] for each in page["connections"]]
                heard |= {each["clientId"] for each in page["connections"]}
                if "cursor" not in page:
                    break
                cursor = "&cursor=" + page["cursor"]
            self.assertEqual(len(ids), len(set(ids)))
            self.assertEqual(heard & wanted, wanted)


class OverHTTP2(unittest.TestCase):
    def test_connections_are_found_and_users_disconnected_over_http2_too(self):
        secret, line = make_key("everything", "manage")
        authority = Authority()
        self.addCleanup(authority.close)
        certificate, key = authority.issue("api")
        with Server("--tls-certificate", certificate, "--tls-key", key, "--api-key", line) as server:
            base = f"https://localhost:{server.port}"
            for words, expected in (
                    ([f"{base}/v1/connections"], "2 200"), ([f"{base}/v1/topics"], "2 403"),
                    (["-d", '{"code":4100}', f"{base}/v1/users/ann%2Fe/disconnect"], "2 200"),
                    (["-X", "DELETE", f"{base}/v1/connections/9.9"], "2 404"), (["-X", "PUT", f"{base}/v1/topics"], "2 405")):
                command = ["curl", "-sS", "--http2", "--cacert", str(authority.root), "-o", "/dev/null", "-w",
                           "%{http_version} %{http_code}", "-H", f"Authorization: Bearer {secret}", *words]
                said = subprocess.run(command, capture_output=True, text=True, timeout=20)
                self.assertEqual(said.stdout, expected, said.stderr)
