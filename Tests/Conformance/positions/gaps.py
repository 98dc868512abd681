# SPDX-License-Identifier: Apache-2.0
# SPDX-FileCopyrightText: Hibiki contributors
"""When the log no longer reaches back, the client is told on every transport, and no answer is partial."""

from __future__ import annotations

import threading
import unittest
from typing import List, Optional, Tuple
from urllib.parse import quote

from positions.publisher import Publisher
from positions.traveller import Traveller
from support.rawclient import Connection
from support.rawevents import EventStream, poll, post, publication, publish
from support.rawwebsocket import WebSocket
from support.server import Server

Told = Tuple[bool, List[int]]


def fill(port: int, topic: str, first: int, last: int) -> List[str]:
    """Publishes the numbers `first` to `last`; gives their positions."""
    positions = []
    with Connection(port) as connection:
        for start in range(first, last + 1, 100):
            numbers = range(start, min(start + 100, last + 1))
            response = post(connection, [publication(topic, number) for number in numbers])
            positions += [answer["position"] for answer in response.json()]
    return positions


# How each transport tells what happened after `since`: whether there is a gap, and the events up to and with `last`.


def by_poll(port: int, topic: str, since: str, last: int, **parameters) -> Told:
    with Connection(port) as connection:
        answer = poll(connection, [topic], since, **parameters).json()
        events = [event["payload"] for event in answer["events"]]
        while last not in events and (answer.get("gap") or events):
            more = poll(connection, [topic], answer["lastEventId"], wait=0 if not answer.get("gap") else 5)
            events += [event["payload"] for event in more.json()["events"]]
        return bool(answer.get("gap")), events


def by_long_poll(port: int, topic: str, since: str, last: int) -> Told:
    return by_poll(port, topic, since, last, wait=5)


def by_stream(port: int, topic: str, since: str, last: int) -> Told:
    gap = False
    events: List[int] = []
    with EventStream.open(port, [topic], last_event_id=since) as stream:
        if stream.read_event().event != "connected":
            raise AssertionError("a stream begins with `connected`")
        while last not in events:
            event = stream.read_event()
            if event.event == "gap":
                if events or gap or event.json() != {"topics": [topic]}:
                    raise AssertionError(f"a gap at the wrong place: {event}")
                gap = True
            else:
                events.append(event.json())
    return gap, events


def by_websocket(port: int, topic: str, since: str, last: int, id: Optional[int] = 1) -> Told:
    gap = False
    events: List[int] = []
    with WebSocket.open(port) as opened:
        ask = {"type": "subscribe", "topic": topic, "since": since}
        opened.send_json(ask if id is None else {**ask, "id": id})
        while last not in events:
            message = opened.read_json()
            if message["type"] == "event":
                events.append(message["payload"])
            elif message["type"] == "gap" or message.get("gap"):
                in_reply = message["type"] == "reply"
                if message["topic"] != topic or not message["position"] or events or in_reply == (id is None):
                    raise AssertionError(f"a gap at the wrong place: {message}")
                gap = True
    return gap, events


def by_websocket_without_id(port: int, topic: str, since: str, last: int) -> Told:
    return by_websocket(port, topic, since, last, None)


def told_with_one_more(transport, port: int, topic: str, since: str, last: int) -> Told:
    """What a transport tells when, a moment after it has asked, `last` is published."""
    timer = threading.Timer(0.2, publish, (port, topic, last))
    timer.start()
    try:
        return transport(port, topic, since, last)
    finally:
        timer.join()


TRANSPORTS = (by_poll, by_long_poll, by_stream, by_websocket, by_websocket_without_id)


class Truncation(unittest.TestCase):
    """A log of 100 events a topic."""

    @classmethod
    def setUpClass(cls) -> None:
        cls.server = Server("--log-events", "100").start()
        cls.port = cls.server.port

    @classmethod
    def tearDownClass(cls) -> None:
        cls.server.stop()
        cls.server.close()

    def test_a_position_that_is_gone_is_told_on_every_transport_and_nothing_older_follows(self):
        for number, transport in enumerate(TRANSPORTS):
            with self.subTest(transport.__name__):
                topic = f"public/gone-{number}"
                positions = fill(self.port, topic, 1, 300)
                gap, events = told_with_one_more(transport, self.port, topic, positions[9], 301)
                self.assertEqual((gap, events), (True, [301]))

    def test_a_position_that_the_log_still_reaches_is_answered_whole_on_every_transport(self):
        topic = "public/whole"
        positions = fill(self.port, topic, 1, 300)
        for transport in TRANSPORTS:
            for since in (200, 201, 250, 299):
                with self.subTest(transport.__name__, since=since):
                    told = transport(self.port, topic, positions[since - 1], 300)
                    self.assertEqual(told, (False, list(range(since + 1, 301))))

    def test_every_position_is_answered_whole_or_as_gone(self):
        topic = "public/every"
        positions = fill(self.port, topic, 1, 300)
        gone = []
        with Connection(self.port) as connection:
            for number, position in enumerate(positions, 1):
                answer = poll(connection, [topic], position).json()
                events = [event["payload"] for event in answer["events"]]
                if answer.get("gap"):
                    gone.append(number)
                    self.assertEqual(events, [])
                else:
                    self.assertEqual(events, list(range(number + 1, 301)))
        self.assertEqual(gone, list(range(1, len(gone) + 1)), "a position is gone while an older one is not")
        self.assertGreaterEqual(len(gone), 100)
        self.assertLess(len(gone), 200)

    def test_the_earliest_that_is_left_is_no_gap(self):
        topic = "public/earliest"
        fill(self.port, topic, 1, 300)
        with Connection(self.port) as connection:
            answer = poll(connection, [topic], "earliest").json()
        events = [event["payload"] for event in answer["events"]]
        self.assertFalse(answer.get("gap"))
        self.assertEqual(events, list(range(301 - len(events), 301)))
        self.assertGreaterEqual(len(events), 100)

    def test_history_tells_a_position_that_is_gone(self):
        topic = "public/history"
        positions = fill(self.port, topic, 1, 300)
        with WebSocket.open(self.port) as opened:
            ask = {"type": "history", "topic": topic, "limit": 1000, "id": 1}
            answer = opened.ask({**ask, "since": positions[9]})
            self.assertEqual((answer.get("gap"), answer["events"]), (True, []))
            answer = opened.ask({**ask, "since": positions[249]})
            self.assertEqual([event["payload"] for event in answer["events"]], list(range(251, 301)))

    def test_when_one_topic_of_two_is_gone_the_other_loses_nothing(self):
        busy, quiet = "public/two-busy", "public/two-quiet"
        old = fill(self.port, busy, 1, 5)[0]
        kept = fill(self.port, quiet, 1, 5)[1]
        fill(self.port, busy, 6, 300)
        since = f"{quote(busy, safe='')}={old},{quote(quiet, safe='')}={kept}"
        with self.subTest("poll"), Connection(self.port) as connection:
            answer = poll(connection, [busy, quiet], since).json()
            self.assertIs(answer.get("gap"), True)
            more = poll(connection, [busy, quiet], answer["lastEventId"]).json()["events"]
            got = [(event["topic"], event["payload"]) for event in answer["events"] + more]
            self.assertEqual(got, [(quiet, 3), (quiet, 4), (quiet, 5)])
        with self.subTest("stream"), EventStream.open(self.port, [busy, quiet], since) as stream:
            self.assertEqual(stream.read_event().event, "connected")
            gap = stream.read_event()
            self.assertEqual((gap.event, gap.json()), ("gap", {"topics": [busy]}))
            self.assertEqual([stream.read_event().json() for _ in range(3)], [3, 4, 5])

    def test_a_traveller_whose_log_is_truncated_under_it_is_told_each_time(self):
        for seed in (1, 2, 3):
            with self.subTest(seed=seed):
                topic = f"public/truncated-{seed}"
                publisher = Publisher(self.port, [topic], 3000, seed, lead=250)
                traveller = Traveller(publisher, seed, gaps_allowed=True)
                traveller.begin()
                publisher.start()
                while not publisher.finished and publisher.error is None:
                    transports = (traveller.short_poll, traveller.long_poll, traveller.stream, traveller.websocket)
                    traveller.random.choice(transports)(3)
                publisher.join()
                self.assertIsNone(publisher.error)
                for _ in range(100):
                    traveller.short_poll(1000)
                if not traveller.forgiven:
                    self.assertEqual(traveller.received, publisher.sent)
                self.assertGreater(traveller.gaps, 0, "the log was never truncated under it: the test shows nothing")


class Restart(unittest.TestCase):
    def test_a_position_from_before_a_restart_is_told_as_gone_on_every_transport(self):
        for end in (Server.kill, Server.stop):
            with self.subTest(end=end.__name__):
                with Server() as server:
                    old = fill(server.port, "public/restart", 1, 20)
                    with Connection(server.port) as connection:
                        several = poll(connection, ["public/restart", "public/b"]).json()["lastEventId"]
                    end(server)
                self.assert_told(old[4], several)

    def assert_told(self, old: str, several: str) -> None:
        with Server() as server:
            new = fill(server.port, "public/restart", 101, 120)
            self.assertNotEqual(new[4], old, "the epoch of a lost log came again")
            for number, transport in enumerate(TRANSPORTS):
                with self.subTest(transport.__name__):
                    last = 121 + number
                    told = told_with_one_more(transport, server.port, "public/restart", old, last)
                    self.assertEqual(told, (True, [last]))
            with Connection(server.port) as connection:
                answer = poll(connection, ["public/restart", "public/b"], several).json()
                self.assertEqual((answer.get("gap"), answer["events"]), (True, []))
