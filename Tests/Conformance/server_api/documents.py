# SPDX-License-Identifier: Apache-2.0
# SPDX-FileCopyrightText: Hibiki contributors
"""The documents that the server serves about itself, and whether it is what they say."""

import json
import os
import signal
import subprocess
import tempfile

from server_api.case import ApiCase
from server_api.environment import HERE, folder
from support.rawevents import EventStream
from support.rawwebsocket import WebSocket
from support.server import eventually
from tokens.keys import token

SEED = "20261121"
EXAMPLES = os.environ.get("SERVER_API_EXAMPLES", "25")


class OpenAPI(ApiCase):
    """Schemathesis makes requests of the document, right ones and wrong ones, and holds every answer against it."""

    @classmethod
    def flags(cls):
        # A poll may wait, but not for as long as the examples want; nor may the log fill up under them.
        return ["--longest-wait", "0.05", "--metrics", "open"]

    def run_schemathesis(self, *more):
        command = [
            str(folder() / "schemathesis"), "--config-file", str(HERE / "schemathesis.toml"),
            "run", f"{self.server.url}/v1/openapi.json", "--seed", SEED, "--max-examples", EXAMPLES,
            "--generation-database", "none", "--no-color", *more]
        with tempfile.TemporaryDirectory() as directory:
            return subprocess.run(
                command, capture_output=True, text=True, timeout=500, cwd=directory,
                env={**os.environ, "HIBIKI_KEY": self.key, "HIBIKI_HOOKS": str(HERE / "hooks.py"), "COLUMNS": "160"})

    def test_the_server_is_what_the_document_says(self):
        said = self.run_schemathesis()
        self.assertEqual(said.returncode, 0, said.stdout[-12_000:] + said.stderr[-2_000:])
        self.assertTrue(self.server.alive())

    def test_a_document_that_is_wrong_would_be_found(self):
        """A check that finds nothing anywhere would prove nothing: the answers of /health are said to be of another kind."""
        document = self.ask("/v1/openapi.json").json
        document["components"]["schemas"]["Health"]["properties"]["uptime"]["type"] = "string"
        document["paths"] = {"/health": document["paths"]["/health"]}
        document["servers"] = [{"url": self.server.url}]
        with tempfile.TemporaryDirectory() as directory:
            path = os.path.join(directory, "wrong.json")
            with open(path, "w") as file:
                json.dump(document, file)
            said = subprocess.run(
                [str(folder() / "schemathesis"), "run", path, "--url", self.server.url, "--max-examples", "1", "--no-color"],
                capture_output=True, text=True, timeout=120, cwd=directory)
        self.assertNotEqual(said.returncode, 0)
        self.assertIn("Response violates schema", said.stdout)


class AsyncAPI(ApiCase):
    """Every message that the document has is heard once, and held against its schema."""

    def setUp(self):
        super().setUp()
        self.document = self.ask("/v1/asyncapi.json").json
        self.pairs = []

    def note(self, name, message):
        self.pairs.append([f"/components/messages/{name}/payload", message])

    def fitting(self):
        """What does not fit, as text."""
        said = subprocess.run(
            [str(folder() / "python"), "-B", str(HERE / "validate.py")],
            input=json.dumps({"document": self.document, "pairs": self.pairs}), capture_output=True, text=True, timeout=60)
        self.assertEqual(said.returncode, 0, said.stderr)
        return said.stdout

    def named(self, operation):
        return {each["$ref"].rsplit("/", 1)[-1] for each in self.document["operations"][operation]["messages"]}

    def hear_native(self):
        asked = {}

        def say(socket, message):
            asked[message["type"]] = message
            self.note(message["type"], message)
            return socket.ask(message)

        short = token("short", ttl=20)
        with WebSocket.open(self.server.port, path=f"/ws?access_token={short}", welcome=False) as socket:
            self.note("welcome", socket.read_json())
            self.note("tokenExpiring", socket.read_until(lambda message: message["type"] == "token:expiring"))
        with WebSocket.open(self.server.port) as socket, WebSocket.open(self.server.port) as other:
            self.note("reply", say(socket, {"type": "connect", "token": token("ann", ttl=600), "id": 1}))
            self.note("reply", say(socket, {"type": "subscribe", "topic": "public/a", "since": "latest", "id": "two"}))
            self.note("reply", say(socket, {"type": "publish", "topic": "public/a", "event": "e", "payload": [1], "id": "k"}))
            self.note("event", socket.read_until(lambda message: message["type"] == "event"))
            self.note("reply", socket.ask({"type": "publish", "topic": "public/a", "payload": [1], "id": "k"}))
            self.note("reply", say(socket, {"type": "direct", "targetId": other.client_id, "payload": None, "id": 3}))
            self.note("directReceived", other.read_until(lambda message: message["type"] == "direct"))
            self.note("reply", say(socket, {"type": "broadcast", "payload": {}, "id": 4}))
            self.note("broadcastReceived", other.read_until(lambda message: message["type"] == "broadcast"))
            self.note("reply", say(socket, {"type": "history", "topic": "public/a", "since": "earliest", "limit": 5, "id": 5}))
            self.note("presenceReply", say(socket, {"type": "presence", "topic": "public/a", "id": 6}))
            self.note("reply", say(socket, {"type": "ping", "id": 7}))
            self.note("reply", say(socket, {"type": "chat", "command": "rooms", "payload": {}, "id": 10}))
            socket.send_json({"type": "ping"})
            self.note("pong", socket.read_until(lambda message: message["type"] == "pong"))
            self.note("error", socket.ask({"type": "subscribe", "topic": "hidden", "id": 8}))
            socket.send_json({"type": "subscribe", "topic": "public/gone", "since": "00000000-7"})
            self.note("gap", socket.read_until(lambda message: message["type"] == "gap"))
            self.ask("/v1/topics/public%2Fa/subscribers/ann", "DELETE", key=self.key)
            self.note("unsubscribed", socket.read_until(lambda message: message["type"] == "unsubscribed"))
            self.note("reply", say(socket, {"type": "unsubscribe", "topic": "public/a", "id": 9}))
        self.assertEqual(set(asked), self.named("command"), "every command is tried")

    def hear_streams(self):
        short = [("Authorization", f"Bearer {token('sid', ttl=20)}")]
        with EventStream.open(self.server.port, ["public/s", "public/t"], "00000000-7", headers=short) as stream, \
                WebSocket.open(self.server.port) as socket:
            connected = stream.read_event()
            self.assertEqual(connected.event, "connected")
            self.note("connected", connected.json())
            self.note("streamGap", stream.read_until("gap").json())
            self.note("streamTokenExpiring", stream.read_until("token:expiring").json())
            self.ask("/v1/events", "POST", {"topic": "public/s", "payload": "x"}, self.key)
            self.note("topicEvent", stream.read_until("message").json())
            socket.send_json({"type": "direct", "targetId": connected.json()["clientId"], "payload": 1})
            self.note("streamDirect", stream.read_until("direct").json())
            self.ask("/v1/topics/public%2Fs/subscribers/sid", "DELETE", key=self.key)
            self.note("streamUnsubscribed", stream.read_until("unsubscribed").json())
            self.ask("/v1/users/sid/disconnect", "POST", {}, self.key)
            self.note("serverDisconnect", stream.read_until("server:disconnect").json())

    def hear_the_end(self):
        with WebSocket.open(self.server.port) as socket, EventStream.open(self.server.port, ["public/s"]) as stream:
            stream.read_until("connected")
            self.server.process.send_signal(signal.SIGTERM)
            self.note("serverShutdown", socket.read_until(lambda message: message["type"] == "server:shutdown"))
            self.note("streamShutdown", stream.read_until("server:shutdown").json())
        eventually(lambda: not self.server.alive(), timeout=20, what="the server ends")

    def test_every_message_is_heard_and_fits_its_schema(self):
        self.hear_native()
        self.hear_streams()
        self.hear_the_end()
        heard = {pointer.split("/")[3] for pointer, _ in self.pairs}
        self.assertEqual(heard, self.named("listen") | self.named("stream") | self.named("command"))
        self.assertEqual(self.fitting(), "")
        # What is another message fits none of them.
        self.pairs = [["/components/messages/welcome/payload", {"type": "welcome", "clientId": 7, "timestamp": 1}]]
        self.assertIn("is not of type 'string'", self.fitting())


