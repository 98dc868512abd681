# SPDX-License-Identifier: Apache-2.0
# SPDX-FileCopyrightText: Hibiki contributors
"""A server that is killed again and again while people write: what was acknowledged is there, once."""

import http.client
import json
import os
import pathlib
import random
import tempfile
import threading
import time
import unittest

from chat.case import ask
from support.ports import free_port
from support.postgres import Postgres
from support.server import Server
from tokens.keys import Folder, token

KILLS = int(os.environ.get("CHAT_KILLS", "50"))
SENDERS = 20
ROOMS = 3
SEED = 20261121


class Sender(threading.Thread):
    """Sends one message after the other, each until it is acknowledged, with a client id of its own."""

    def __init__(self, number, port, stop):
        super().__init__(daemon=True)
        self.name, self.port, self.stop = f"p{number}", port, stop
        self.room = f"room-{number % ROOMS}"
        self.token = token(sub=self.name, ttl=7_200)
        self.acknowledged = {}
        self.attempts = 0

    def run(self):
        number = 0
        while not self.stop.is_set():
            key = f"{self.name}-{number}"
            answer = self.send(key)
            if answer is None:
                time.sleep(0.02)
                continue
            self.acknowledged[key] = answer
            number += 1

    def send(self, key):
        """The message, or None if nobody knows what became of it."""
        self.attempts += 1
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=5)
        try:
            connection.request(
                "POST", f"/v1/rooms/{self.room}/messages", json.dumps({"content": key, "clientId": key}),
                {"Authorization": f"Bearer {self.token}", "Content-Type": "application/json"})
            response = connection.getresponse()
            body = response.read()
            if response.status == 201:
                return json.loads(body)
            if response.status not in (503,):
                raise AssertionError(f"{response.status} {body!r}")
        except (OSError, http.client.HTTPException):
            pass
        finally:
            connection.close()
        return None


class Kills(unittest.TestCase):
    def test_a_server_that_is_killed_has_every_acknowledged_message_once_in_sqlite(self):
        self.kill_again_and_again()

    def test_a_server_that_is_killed_has_every_acknowledged_message_once_in_postgresql(self):
        with tempfile.TemporaryDirectory() as folder:
            os.chmod(folder, 0o755)         # PostgreSQL runs as another user
            with Postgres(folder) as database:
                self.kill_again_and_again("--store", database.address)

    def kill_again_and_again(self, *store):
        chance = random.Random(SEED)
        folder = Folder()
        self.addCleanup(folder.close)
        port = free_port()
        with tempfile.TemporaryDirectory() as data:
            start = lambda: Server(  # noqa: E731
                "--port", port, "--data", data, "--token-secret-file", folder.secret(), *store).start()
            server = start()
            try:
                for room in range(ROOMS):
                    for number in range(room, SENDERS, ROOMS):
                        joined = ask(f"{server.url}/v1/rooms/room-{room}/join", "POST", {}, token(sub=f"p{number}"))
                        self.assertEqual(joined.status, 200, joined.body)
                stop = threading.Event()
                senders = [Sender(number, port, stop) for number in range(SENDERS)]
                for sender in senders:
                    sender.start()
                for _ in range(KILLS):
                    time.sleep(chance.uniform(0.02, 0.4))
                    server.kill()
                    server = start()
                time.sleep(0.5)
                stop.set()
                for sender in senders:
                    sender.join(30)
                    self.assertFalse(sender.is_alive())
                self.check(server, senders)
            finally:
                server.stop()

    def check(self, server, senders):
        acknowledged = {key: answer for sender in senders for key, answer in sender.acknowledged.items()}
        self.assertGreater(len(acknowledged), KILLS)
        for room in range(ROOMS):
            messages = self.messages(server, f"room-{room}")
            self.assertEqual([each["sequence"] for each in messages], list(range(1, len(messages) + 1)))
            keys = [each["clientId"] for each in messages]
            self.assertEqual(len(keys), len(set(keys)), "a message is there twice")
            there = {each["clientId"]: each["id"] for each in messages}
            mine = {key: answer["id"] for key, answer in acknowledged.items() if answer["roomId"] == f"room-{room}"}
            self.assertEqual({key: there.get(key) for key in mine}, mine)
            for sender in senders:
                order = [key for key in keys if key.startswith(f"{sender.name}-")]
                self.assertEqual(order, sorted(order, key=lambda key: int(key.rsplit("-", 1)[1])))

    def messages(self, server, room):
        found, anchor = [], 1
        while True:
            page = ask(
                f"{server.url}/v1/rooms/{room}/messages?anchor={anchor}&before=0&after=199", token=token(sub=f"p{room[-1]}")).json
            found += page["messages"]
            if page["foundNewest"] or not page["messages"]:
                return found
            anchor = page["messages"][-1]["sequence"] + 1
