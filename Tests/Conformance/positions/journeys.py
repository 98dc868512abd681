# SPDX-License-Identifier: Apache-2.0
# SPDX-FileCopyrightText: Hibiki contributors
"""The position property: whatever a client does between transports, it receives what was sent, in order, none twice."""

from __future__ import annotations

import unittest
from urllib.parse import quote

from positions.gaps import fill
from positions.publisher import Publisher
from positions.traveller import Traveller
from support.rawclient import Connection
from support.rawevents import EventStream, poll, publish
from support.rawwebsocket import WebSocket
from support.server import Server

EVENTS = 10_000


class ServerCase(unittest.TestCase):
    @classmethod
    def setUpClass(cls) -> None:
        cls.server = Server().start()
        cls.port = cls.server.port

    @classmethod
    def tearDownClass(cls) -> None:
        cls.server.stop()
        cls.server.close()


class PositionProperty(ServerCase):
    def journey(self, seed: int, topics: int, **options) -> Traveller:
        names = [f"public/journey {seed}, n°{number}&=%" for number in range(topics)]
        publisher = Publisher(self.port, names, EVENTS, seed)
        traveller = Traveller(publisher, seed, **options)
        traveller.begin()
        publisher.start()
        try:
            traveller.travel(60)
        finally:
            publisher.stopping = True
            publisher.join(20)
        self.assertIsNone(publisher.error)
        self.assertEqual(traveller.received, publisher.sent)
        self.assertEqual(traveller.count, EVENTS)
        with Connection(self.port) as connection:
            self.assertEqual(poll(connection, names, traveller.since()).json()["events"], [])
        return traveller

    def test_ten_thousand_events_on_five_topics_arrive_once_over_four_transports_that_are_cut(self):
        for seed in (1, 2, 3):
            with self.subTest(seed=seed):
                traveller = self.journey(seed, 5)
                self.assertEqual(len(traveller.sessions), 4)
                self.assertGreater(sum(traveller.sessions.values()), 200, "too few changes show little")

    def test_ten_thousand_events_arrive_once_for_a_client_that_holds_only_what_the_last_answer_gave(self):
        self.assertEqual(len(self.journey(4, 7, opaque_only=True).sessions), 3)

    def test_ten_thousand_events_on_one_topic_arrive_once(self):
        self.journey(5, 1)


class SeveralTopics(ServerCase):
    """Positions of several topics in one string."""

    def setUp(self) -> None:
        self.name = f"public/{self.id().rpartition('.')[2]}"[:150]

    def topics(self, count: int) -> list:
        return [f"{self.name}/{number}" for number in range(count)]

    def events(self, topics: list, since: str) -> list:
        with Connection(self.port) as connection:
            response = poll(connection, topics, since)
        self.assertEqual(response.status, 200, response.body)
        self.assertFalse(response.json().get("gap"), response.body)
        return sorted((event["topic"], event["payload"]) for event in response.json()["events"])

    def last_event_id(self, topics: list, since: str = "latest") -> str:
        with Connection(self.port) as connection:
            return poll(connection, topics, since).json()["lastEventId"]

    def test_topics_that_are_asked_for_in_another_order_are_not_mixed_up(self):
        topics = self.topics(3)
        for number, topic in enumerate(topics):
            fill(self.port, topic, 1, 3 * number + 1)
        since = self.last_event_id(topics)
        for topic in topics:
            publish(self.port, topic, "new")
        self.assertEqual(self.events(topics[::-1], since), [(topic, "new") for topic in topics])

    def test_a_position_of_several_topics_serves_for_one_of_them(self):
        topics = self.topics(3)
        for number, topic in enumerate(topics):
            fill(self.port, topic, 1, 3 * number + 1)
        since = self.last_event_id(topics)
        for topic in topics:
            publish(self.port, topic, "new")
            self.assertEqual(self.events([topic], since), [(topic, "new")])

    def test_a_position_of_several_topics_is_never_misread_by_subscribe(self):
        topics = self.topics(3)
        for number, topic in enumerate(topics):
            fill(self.port, topic, 1, 3 * number + 1)
        since = self.last_event_id(topics)
        with WebSocket.open(self.port) as opened:
            for topic in topics:
                publish(self.port, topic, "new")
                answer = opened.ask({"type": "subscribe", "topic": topic, "since": since, "id": 1})
                if not answer.get("gap"):
                    event = opened.read_until(lambda message: message["type"] == "event")
                    self.assertEqual((event["topic"], event["payload"]), (topic, "new"))

    def test_positions_by_topic_are_taken_and_a_topic_without_one_starts_at_latest(self):
        odd = f"{self.name}/é ,=&%+"
        plain = f"{self.name}/plain"
        third = f"{self.name}/third"
        positions = {topic: fill(self.port, topic, 1, 5) for topic in (odd, plain, third)}
        since = f"{quote(odd, safe='')}={positions[odd][1]},{quote(plain, safe='')}={positions[plain][3]}"
        self.assertEqual(
            self.events([odd, plain, third], since), sorted([(odd, 3), (odd, 4), (odd, 5), (plain, 5)]))
        with EventStream.open(self.port, [third, plain, odd], last_event_id=since) as stream:
            stream.read_until("connected")
            got = sorted(stream.read_event().json() for _ in range(4))
            self.assertEqual(got, [3, 4, 5, 5])
            publish(self.port, third, "next")
            self.assertEqual(stream.read_event().json(), "next")

    def test_the_id_of_a_stream_is_a_position_of_all_its_topics(self):
        topics = self.topics(4)
        with EventStream.open(self.port, topics) as stream:
            connected = stream.read_event()
            self.assertEqual(connected.event, "connected")
            for number, topic in enumerate(topics):
                publish(self.port, topic, number)
            ids = [connected.id] + [stream.read_event().id for _ in topics]
        for number, since in enumerate(ids):
            expected = [(topic, index) for index, topic in enumerate(topics)][number:]
            self.assertEqual(self.events(topics, since), expected, f"since event {number}")

    def test_a_wait_without_since_loses_nothing_between_two_polls(self):
        topics = self.topics(3)
        with Connection(self.port) as connection:
            response = poll(connection, topics, wait=0.1)
        self.assertEqual(response.status, 204)
        since = response.header("last-event-id")
        for number, topic in enumerate(topics):
            publish(self.port, topic, number)
        self.assertEqual(self.events(topics, since), [(topic, number) for number, topic in enumerate(topics)])

    def test_a_limit_leaves_the_rest_for_the_next_poll(self):
        topics = self.topics(3)
        for topic in topics:
            fill(self.port, topic, 1, 20)
        got, since = [], "earliest"
        with Connection(self.port) as connection:
            while True:
                answer = poll(connection, topics, since, limit=7).json()
                self.assertLessEqual(len(answer["events"]), 7)
                if not answer["events"]:
                    break
                got += [(event["topic"], event["payload"]) for event in answer["events"]]
                since = answer["lastEventId"]
        for topic in topics:
            self.assertEqual([number for name, number in got if name == topic], list(range(1, 21)))
