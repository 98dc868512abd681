# SPDX-License-Identifier: Apache-2.0
# SPDX-FileCopyrightText: Hibiki contributors
"""A publisher that is cut and tries again with the same id: each publication is stored once."""

from __future__ import annotations

import json
import random
import threading
import unittest
from typing import Callable, List, Optional

from support.rawclient import Connection, request_bytes
from support.rawevents import poll, post, publication, publish
from support.rawwebsocket import WebSocket, text
from support.server import Server

TOPIC = "public/retried"
COUNT = 1500


class Retrier:
    """Publishes numbers in order, each until it is acknowledged; the connection is cut at random on the way."""

    def __init__(self, port: int, name: str, seed: int, topic: str = TOPIC):
        self.port = port
        self.name = name
        self.topic = topic
        self.random = random.Random(seed)
        self.cuts = 0
        self.positions: List[str] = []

    def run(self, count: int) -> None:
        for number in range(count):
            position = None
            while position is None:
                attempt = self.by_http if self.random.random() < 0.5 else self.by_websocket
                position = attempt(publication(self.topic, [self.name, number], id=f"{self.name}-{number}"))
            self.positions.append(position)

    def by_http(self, message: dict) -> Optional[str]:
        with Connection(self.port) as connection:
            body = json.dumps(message).encode()
            data = request_bytes("POST", "/v1/events", connection.host, [("Content-Type", "application/json")], body)
            if self.is_cut(connection, data):
                return None
            response = connection.read_response()
            if response.status != 200:
                raise AssertionError(f"{response.status} {response.body[:200]!r}")
            return response.json()["position"]

    def by_websocket(self, message: dict) -> Optional[str]:
        with WebSocket.open(self.port) as opened:
            if self.is_cut(opened.connection, text({"type": "publish", **message})):
                return None
            answer = opened.read_until(lambda reply: reply.get("id") == message["id"])
            if answer["type"] != "reply":
                raise AssertionError(f"{answer}")
            return answer["position"]

    def is_cut(self, connection: Connection, data: bytes) -> bool:
        """Sends `data`; in one case of three the connection is gone in the middle of it, or before the answer."""
        if self.random.random() < 2 / 3:
            connection.send(data)
            return False
        self.cuts += 1
        connection.send(data if self.random.random() < 0.7 else data[: self.random.randrange(len(data))])
        if self.random.random() < 0.3:
            connection.ends_within(0.001)
        connection.reset() if self.random.random() < 0.5 else connection.close()
        return True


class IdempotentPublishing(unittest.TestCase):
    @classmethod
    def setUpClass(cls) -> None:
        cls.server = Server("--log-events", "20000").start()
        cls.port = cls.server.port

    @classmethod
    def tearDownClass(cls) -> None:
        cls.server.stop()
        cls.server.close()

    def read_all(self, topic: str) -> List[dict]:
        events: List[dict] = []
        since = "earliest"
        with Connection(self.port) as connection:
            while True:
                answer = poll(connection, [topic], since).json()
                if not answer["events"]:
                    return events
                events += answer["events"]
                since = answer["lastEventId"]

    def test_a_publisher_that_is_cut_at_random_and_tries_again_stores_each_publication_once_and_in_order(self):
        retrier = Retrier(self.port, "alone", seed=1)
        retrier.run(COUNT)
        events = self.read_all(TOPIC)
        self.assertGreater(retrier.cuts, COUNT // 4)
        self.assertEqual([event["payload"] for event in events], [["alone", number] for number in range(COUNT)])
        self.assertEqual([event["position"] for event in events], retrier.positions)

    def test_several_publishers_that_are_cut_at_random_store_each_publication_once(self):
        topic = "public/retried-together"
        retriers = [Retrier(self.port, f"publisher {seed}", seed, topic) for seed in range(4)]
        errors: List[BaseException] = []
        threads = [threading.Thread(target=self.guarded(errors, retrier.run), args=(200,)) for retrier in retriers]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        self.assertEqual(errors, [])
        events = self.read_all(topic)
        self.assertEqual(len(events), 800)
        for retrier in retriers:
            own = [event for event in events if event["payload"][0] == retrier.name]
            self.assertEqual([event["payload"][1] for event in own], list(range(200)))
            self.assertEqual([event["position"] for event in own], retrier.positions)

    @staticmethod
    def guarded(errors: List[BaseException], function: Callable) -> Callable:
        def run(*arguments) -> None:
            try:
                function(*arguments)
            except BaseException as error:
                errors.append(error)

        return run

    def test_the_same_id_at_the_same_moment_is_stored_once(self):
        topic = "public/at-once"
        connections = [Connection(self.port) for _ in range(50)]
        body = json.dumps(publication(topic, 1, id="the one")).encode()
        for connection in connections:
            connection.send(request_bytes("POST", "/v1/events", connection.host, (), body))
        answers = [connection.read_response().json() for connection in connections]
        for connection in connections:
            connection.close()
        self.assertEqual(len({answer["position"] for answer in answers}), 1)
        self.assertEqual(sum(answer.get("duplicate") is True for answer in answers), 49)
        self.assertEqual(len(self.read_all(topic)), 1)

    def test_a_second_publication_answers_the_first_position_and_says_duplicate(self):
        topic = "public/duplicate"
        with Connection(self.port) as connection, WebSocket.open(self.port) as opened:
            first = post(connection, publication(topic, 1, id="same")).json()
            self.assertNotIn("duplicate", first)
            second = post(connection, publication(topic, 2, id="same")).json()
            self.assertEqual(second, {"position": first["position"], "duplicate": True})
            third = opened.ask({"type": "publish", **publication(topic, 3, id="same")})
            self.assertEqual((third["type"], third["position"]), ("reply", first["position"]))
        self.assertEqual([event["payload"] for event in self.read_all(topic)], [1])

    def test_the_same_id_on_another_topic_is_another_publication(self):
        for topic in ("public/other-a", "public/other-b"):
            publish(self.port, topic, topic, id="same")
            self.assertEqual([event["payload"] for event in self.read_all(topic)], [topic])

    def test_an_array_that_is_sent_again_is_stored_once(self):
        topic = "public/array"
        first = [publication(topic, number, id=str(number)) for number in range(10)]
        again = [publication(topic, number, id=str(number)) for number in range(5, 15)]
        with Connection(self.port) as connection:
            post(connection, first)
            answers = post(connection, again).json()
        self.assertEqual([answer.get("duplicate", False) for answer in answers], [True] * 5 + [False] * 5)
        self.assertEqual([event["payload"] for event in self.read_all(topic)], list(range(15)))

    def test_an_id_twice_in_one_array_is_stored_once(self):
        topic = "public/twice"
        with Connection(self.port) as connection:
            answers = post(connection, [publication(topic, number, id="same") for number in range(3)]).json()
        self.assertEqual(len({answer["position"] for answer in answers}), 1)
        self.assertEqual(len(self.read_all(topic)), 1)
