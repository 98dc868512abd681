# SPDX-License-Identifier: Apache-2.0
# SPDX-FileCopyrightText: Hibiki contributors
"""Positions that no server ever gave: each is told as a gap, and is never an error of the server."""

from __future__ import annotations

from urllib.parse import quote_from_bytes

from attacks.case import AttackCase, rows
from support.rawclient import Ended, request_bytes
from support.rawevents import EventStream, poll, publish, target

TOPIC = "public/positions"

POSITIONS = {
    "-1": b"-1",
    "0": b"0",
    "17": b"17",
    "9e99": b"9e99",
    "2^63": b"9223372036854775808",
    "2^64": b"18446744073709551616",
    "forty nines": b"9" * 40,
    "a position without an offset": b"5d41c0a2-",
    "a position without an epoch": b"-17",
    "a position of another epoch": b"5d41c0a2-1",
    "a position with an offset of 2^64": b"5d41c0a2-18446744073709551616",
    "a position with a negative offset": b"5d41c0a2--1",
    "a position with a sign": b"5d41c0a2-+1",
    "two positions for one topic": b"5d41c0a2-1,5d41c0a2-2",
    "only commas": b",,,,,,",
    "a thousand positions": b",".join([b"5d41c0a2-1"] * 1000),
    "ten kilobytes of a": b"a" * 10_000,
    "latin-1": b"caf\xe9",
    "UTF-8": "位置-1".encode(),
    "a topic twice": b"public%2Fpositions=5d41c0a2-1,public%2Fpositions=5d41c0a2-2",
    "a topic without its position": b"public%2Fpositions=",
    "a broken escape for a topic": b"%zz=5d41c0a2-1,public%2Fpositions=5d41c0a2-1",
    "an exclamation": b"!",
}


class ForgedPositions(AttackCase):
    @classmethod
    def setUpClass(cls) -> None:
        super().setUpClass()
        for number in range(3):
            publish(cls.server.port, TOPIC, number)

    @rows({f"{what} in Last-Event-ID is told as a gap in the stream": position for what, position in POSITIONS.items()})
    def header(self, position: bytes) -> None:
        head = request_bytes("GET", target([TOPIC]), self.host, [("Accept", "text/event-stream")])[:-2]
        connection = self.connect()
        connection.send(head + b"Last-Event-ID: " + position + b"\r\n\r\n")
        response = connection.read_head()
        self.assertEqual(response.status, 200)
        self.assert_gap_and_then_what_is_new(EventStream(connection, response))

    @rows({f"{what} in the query of a stream is told as a gap": position for what, position in POSITIONS.items()})
    def query(self, position: bytes) -> None:
        connection = self.connect()
        path = f"{target([TOPIC])}&since={quote_from_bytes(position, safe='')}"
        connection.send(request_bytes("GET", path, self.host, [("Accept", "text/event-stream")]))
        response = connection.read_head()
        if response.status != 400:
            self.assert_gap_and_then_what_is_new(EventStream(connection, response))

    @rows({f"{what} in a poll is told as a gap": position for what, position in POSITIONS.items()})
    def polls(self, position: bytes) -> None:
        for wait in ("", "&wait=5"):
            path = f"{target([TOPIC])}&since={quote_from_bytes(position, safe='')}{wait}"
            response = self.connect(timeout=3).request("GET", path)
            if response.status == 400:
                continue
            answer = response.json()
            self.assertEqual((answer.get("gap"), answer["events"]), (True, []))
            publish(self.port, TOPIC, "after")
            answer = poll(self.connect(), [TOPIC], answer["lastEventId"]).json()
            self.assertEqual([event["payload"] for event in answer["events"]], ["after"])

    def assert_gap_and_then_what_is_new(self, stream: EventStream) -> None:
        self.assertEqual(stream.read_event().event, "connected")
        gap = stream.read_event()
        self.assertEqual((gap.event, gap.json()), ("gap", {"topics": [TOPIC]}))
        publish(self.port, TOPIC, "after")
        self.assertEqual(stream.read_event().json(), "after")

    def test_a_last_event_id_of_a_megabyte_is_refused(self):
        connection = self.connect()
        head = request_bytes("GET", target([TOPIC]), self.host, [("Accept", "text/event-stream")])[:-2]
        connection.try_send(head + b"Last-Event-ID: " + b"1" * 1_000_000 + b"\r\n\r\n")
        try:
            self.assertEqual(connection.read_head().status, 431)
        except Ended:
            pass
        self.assertTrue(connection.ends_within(3))

    def test_a_last_event_id_with_nul_is_refused(self):
        head = request_bytes("GET", target([TOPIC]), self.host, [("Accept", "text/event-stream")])[:-2]
        self.assert_refused(head + b"Last-Event-ID: 1\x002\r\n\r\n", {400})

    def test_an_offset_that_is_not_yet_reached_is_told_as_a_gap(self):
        newest = publish(self.port, TOPIC, 1)
        epoch, _, offset = newest.rpartition("-")
        for ahead in (int(offset) + 1, int(offset) + 1000, (1 << 63) - 1, (1 << 64) - 1):
            response = poll(self.connect(), [TOPIC], f"{epoch}-{ahead}")
            if response.status != 400:
                self.assertIs(response.json().get("gap"), True, ahead)

    def test_a_position_without_its_topic_is_a_gap_or_no_position(self):
        with EventStream.open(self.port, [TOPIC], last_event_id="=5d41c0a2-1") as stream:
            stream.read_until("connected")
            publish(self.port, TOPIC, "next")
            self.assertIn(stream.read_event().event, ("gap", "message"))

    def test_an_empty_last_event_id_begins_with_what_happens_next(self):
        with EventStream.open(self.port, [TOPIC], last_event_id="") as stream:
            self.assertEqual(stream.read_event().event, "connected")
            publish(self.port, TOPIC, "next")
            while True:
                event = stream.read_event()
                if event.event != "gap":
                    break
            self.assertEqual(event.json(), "next")
