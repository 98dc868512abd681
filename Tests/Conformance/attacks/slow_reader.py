# SPDX-License-Identifier: Apache-2.0
# SPDX-FileCopyrightText: Hibiki contributors
"""A reader that stops reading a busy topic: it alone is ended, and it comes back and misses nothing."""

from __future__ import annotations

import json
import socket
import time
from typing import Callable, List, Tuple

from attacks.case import MEGABYTE, AttackCase
from attacks.crowd import Crowd
from support.rawclient import Ended, request_bytes
from support.rawevents import EventStream, poll, post, publication, target
from support.rawwebsocket import Close

TOPIC = "public/busy"
EVENTS = 160
PAYLOAD = "resonance " * 1638


class SlowReader(AttackCase):
    """One slow reader may cost its queue of 1 MiB; the log 2.6 MB; a thousand busy readers need the rest."""

    flags = ("--close-timeout", "1")
    memory = 48 * MEGABYTE

    def setUp(self) -> None:
        super().setUp()
        self.topic = f"{TOPIC}/{self.id().rpartition('.')[2]}"[:200].replace(" ", "-")
        self.crowd = Crowd(self.port, self.topic, 1000)
        self.addCleanup(self.crowd.leave)
        self.publisher = self.connect(timeout=30)
        self.slowest = 0.0

    def publish_all(self, half_way: Callable[[], None] = lambda: None) -> None:
        """Publishes, never more than four events ahead of the slowest of the crowd."""
        self.publish_one(0)
        self.crowd.wait_for(1, 10)
        self.reset_peak()
        self.before = self.server.rss()
        for number in range(1, EVENTS + 1):
            started = time.monotonic()
            self.publish_one(number)
            self.crowd.wait_for(number - 3, 10)
            self.slowest = max(self.slowest, time.monotonic() - started)
            if number == EVENTS // 2:
                half_way()
        self.crowd.wait_for(EVENTS + 1, 10)

    def publish_one(self, number: int) -> str:
        response = post(self.publisher, publication(self.topic, [number, PAYLOAD]))
        self.assertEqual(response.status, 200, response.body)
        return response.json()["position"]

    def assert_others_got_all(self) -> None:
        self.assertEqual(self.crowd.counts()["closed"], 0, "a reader that reads was ended")
        for member in self.crowd.members:
            self.assertEqual(len(member.offsets), EVENTS + 1)
            self.assertEqual(member.offsets, sorted(set(member.offsets)))
        self.assertLess(self.slowest, 1.0, "a delivery waited for the slow reader")

    def test_a_websocket_reader_that_stops_is_closed_with_4000_and_resumes_with_nothing_lost(self):
        slow = self.open(slow=True, timeout=10)
        slow.ask({"type": "subscribe", "topic": self.topic, "id": 1})
        self.publish_all()
        self.assert_others_got_all()
        got: List[Tuple[str, int]] = []
        closed = None
        try:
            while True:
                message = slow.read_message()
                if isinstance(message, Close):
                    closed = message
                    break
                event = json.loads(message)
                if event["type"] == "event":
                    got.append((event["position"], event["payload"][0]))
        except Ended:
            pass
        except socket.timeout:
            self.fail(f"the slow reader was not ended; it got {len(got)} of {EVENTS + 1} events")
        self.assertLess(len(got), EVENTS + 1, "a queue without a bound")
        self.assertIn(closed.code if closed else 4000, (4000,))
        back = self.open()
        answer = back.ask({"type": "subscribe", "topic": self.topic, "since": got[-1][0], "id": 2})
        self.assertNotIn("gap", answer)
        while got[-1][1] < EVENTS:
            event = back.read_until(lambda message: message["type"] == "event")
            got.append((event["position"], event["payload"][0]))
        self.assertEqual([number for _, number in got], list(range(EVENTS + 1)))

    def test_a_stream_reader_that_stops_is_ended_and_resumes_with_nothing_lost(self):
        slow = EventStream.open(self.port, [self.topic], slow=True, timeout=10)
        self.addCleanup(slow.connection.close)
        slow.read_until("connected")
        self.publish_all()
        self.assert_others_got_all()
        got: List[int] = []
        last = slow.last_event_id
        try:
            while True:
                event = slow.read_event()
                got.append(event.json()[0])
                last = event.id
        except Ended:
            pass
        except socket.timeout:
            self.fail(f"the slow reader was not ended; it got {len(got)} of {EVENTS + 1} events")
        self.assertLess(len(got), EVENTS + 1, "a queue without a bound")
        with EventStream.open(self.port, [self.topic], last_event_id=last) as back:
            back.read_until("connected")
            while not got or got[-1] < EVENTS:
                got.append(back.read_event().json()[0])
        self.assertEqual(got, list(range(EVENTS + 1)))

    def test_a_poll_whose_answer_nobody_reads_holds_up_nobody(self):
        hungry = [self.connect(slow=True) for _ in range(10)]

        def ask() -> None:
            for connection in hungry:
                connection.send(request_bytes("GET", target([self.topic]), self.host))

        self.publish_all(half_way=ask)
        self.assert_others_got_all()
        got: List[int] = []
        answer = poll(self.connect(), [self.topic]).json()
        while answer["events"]:
            got += [event["payload"][0] for event in answer["events"]]
            answer = poll(self.connect(), [self.topic], answer["lastEventId"]).json()
        self.assertEqual(got, list(range(EVENTS + 1)))
