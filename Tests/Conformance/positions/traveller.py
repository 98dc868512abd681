# SPDX-License-Identifier: Apache-2.0
# SPDX-FileCopyrightText: Hibiki contributors
"""A listener that changes its transport and is cut all the time, and carries its position as the protocol says."""

from __future__ import annotations

import random
import socket
import time
from typing import Dict, List, Optional
from urllib.parse import quote

from positions.publisher import Publisher
from support.rawclient import Connection, Response, request_bytes
from support.rawevents import EventStream, StreamEvent, poll, target
from support.rawwebsocket import WebSocket

PATIENCE = 1.0
PIECES = (1, 7, 61, 512, 4096, 65536)


class Wrong(AssertionError):
    """An event was missed, came twice, or came out of order."""


class Traveller:
    """What it knows is what a real client knows: the events that arrived whole, and positions.

    `held` has the position of each topic, from events and subscriptions; `opaque` is the last `lastEventId` of an HTTP
    answer, while nothing newer came over WebSocket. With `opaque_only` it never looks into an event for its position,
    as `EventSource` does not, and so cannot use WebSocket.
    """

    def __init__(self, publisher: Publisher, seed: int, *, opaque_only: bool = False, gaps_allowed: bool = False):
        self.publisher = publisher
        self.port = publisher.port
        self.topics = publisher.topics
        self.random = random.Random(seed)
        self.opaque_only = opaque_only
        self.gaps_allowed = gaps_allowed
        self.held: Dict[str, str] = {}
        self.opaque: Optional[str] = None
        self.received: Dict[str, int] = {topic: 0 for topic in self.topics}
        self.forgiven: set = set()
        self.count = 0
        self.gaps = 0
        self.journal: List[str] = []
        self.sessions: Dict[str, int] = {}

    # The journey

    def begin(self) -> None:
        """Learns where the logs stand before the first event."""
        with WebSocket.open(self.port) as opened:
            for topic in self.topics:
                answer = opened.ask({"type": "subscribe", "topic": topic, "since": "latest", "id": 1})
                self.held[topic] = answer["position"]
        with Connection(self.port) as connection:
            self.opaque = poll(connection, self.topics, "latest").json()["lastEventId"]

    def travel(self, seconds: float) -> None:
        deadline = time.monotonic() + seconds
        transports = [self.short_poll, self.long_poll, self.stream] + ([] if self.opaque_only else [self.websocket])
        while not self.arrived():
            if self.publisher.error:
                raise self.publisher.error
            if time.monotonic() > deadline:
                raise Wrong(f"{self.count} of {self.publisher.count} events after {seconds} s; {self.journal[-8:]}")
            transport = self.random.choice(transports)
            self.sessions[transport.__name__] = self.sessions.get(transport.__name__, 0) + 1
            transport(self.random.choice((1, 2, 3, 5, 8, 13, 40)))

    def arrived(self) -> bool:
        return self.publisher.finished and self.received == self.publisher.sent

    def note(self, what: str) -> None:
        self.journal.append(what)
        del self.journal[:-30]

    # What arrives

    def take(self, topic: str, number: int, position: Optional[str]) -> None:
        expected = self.received[topic] + 1
        if number != expected and not (topic in self.forgiven and number > expected):
            raise Wrong(f"{topic}: {number} instead of {expected}; {self.journal[-8:]}")
        self.forgiven.discard(topic)
        self.received[topic] = number
        if position is not None:
            self.held[topic] = position
        self.count += 1
        self.publisher.arrived = sum(self.received.values())

    def take_gap(self, topics: List[str]) -> None:
        if not self.gaps_allowed:
            raise Wrong(f"an unexpected gap; {self.journal[-8:]}")
        self.gaps += 1
        for topic in topics:
            self.forgiven.add(topic)
            self.held.pop(topic, None)
        self.publisher.arrived = self.publisher.published

    # How positions are told

    def since(self) -> str:
        blind = self.opaque_only or len(self.held) < len(self.topics)
        if self.opaque is not None and (blind or self.random.random() < 0.5):
            return self.opaque
        return ",".join(f"{quote(topic, safe='')}={self.held[topic]}" for topic in self.topics)

    def connection(self) -> Connection:
        return Connection(self.port, timeout=10, piece=self.random.choice(PIECES))

    def cut(self, connection: Connection) -> None:
        connection.reset() if self.random.random() < 0.7 else connection.close()

    # The four transports

    def short_poll(self, budget: int) -> None:
        self.poll_once("short poll", budget, {"limit": budget} if self.random.random() < 0.5 else {})

    def long_poll(self, budget: int) -> None:
        wait = 0 if self.publisher.finished else self.random.choice((0, 0.05, 0.2, 1))
        self.poll_once("long poll", budget, {"wait": wait})

    def poll_once(self, name: str, budget: int, parameters: dict) -> None:
        since = self.since()
        self.note(f"{name} {parameters} since {since}")
        connection = self.connection()
        if self.random.random() < 0.2:
            connection.send(request_bytes("GET", target(self.topics, since, **parameters), connection.host))
            if self.random.random() < 0.5:
                connection.socket.settimeout(0.002)
                connection.ends_within(0.002)
            self.cut(connection)
            return
        self.take_answer(poll(connection, self.topics, since, **parameters))
        self.cut(connection)

    def take_answer(self, response: Response) -> None:
        if response.status == 204:
            self.opaque = response.header("last-event-id") or self.opaque
            return
        if response.status != 200:
            raise Wrong(f"{response.status} {response.body[:200]!r}; {self.journal[-3:]}")
        answer = response.json()
        if response.header("last-event-id") != answer["lastEventId"]:
            raise Wrong("the header Last-Event-ID is not the lastEventId of the answer")
        if answer.get("gap"):
            if answer["events"]:
                raise Wrong("an answer with a gap has events")
            self.take_gap(self.topics)
        for event in answer["events"]:
            self.take(event["topic"], event["payload"]["number"], None if self.opaque_only else event["position"])
        self.opaque = answer["lastEventId"]

    def stream(self, budget: int) -> None:
        if self.publisher.finished:
            return self.short_poll(1000)
        since = self.since()
        envelope = not self.opaque_only or self.random.random() < 0.3
        by_header = self.random.random() < 0.5
        self.note(f"stream since {since} by {'header' if by_header else 'query'}")
        stream = EventStream.open(
            self.port, self.topics, None if by_header else since, last_event_id=since if by_header else None,
            parameters={"envelope": 1} if envelope else {}, timeout=10, piece=self.random.choice(PIECES),
        )
        stream.connection.socket.settimeout(PATIENCE)
        try:
            while budget > 0 and not self.publisher.finished:
                budget -= self.take_stream_event(stream.read_event(), envelope)
        except socket.timeout:
            self.assert_nothing_is_due()
        finally:
            self.cut(stream.connection)

    def take_stream_event(self, event: StreamEvent, envelope: bool) -> int:
        self.opaque = event.id
        if event.event == "connected":
            return 0
        data = event.json()
        if event.event == "gap":
            self.take_gap(data["topics"])
            return 0
        payload = data["payload"] if envelope else data
        position = data["position"] if envelope and not self.opaque_only else None
        self.take(payload["topic"], payload["number"], position)
        return 1

    def websocket(self, budget: int) -> None:
        if self.publisher.finished or len(self.held) < len(self.topics):
            return self.short_poll(1000)
        self.note(f"websocket since {self.held}")
        connection = self.connection()
        opened = WebSocket.open(self.port, connection=connection)
        self.opaque = None
        for index, topic in enumerate(self.topics):
            opened.send_json({"type": "subscribe", "topic": topic, "since": self.held[topic], "id": index})
        connection.socket.settimeout(PATIENCE)
        try:
            while budget > 0 and not self.publisher.finished:
                budget -= self.take_message(opened.read_json())
        except socket.timeout:
            self.assert_nothing_is_due()
        finally:
            self.cut(connection)

    def take_message(self, message: Optional[dict]) -> int:
        if message is None or message["type"] not in ("reply", "event", "gap"):
            raise Wrong(f"unexpected: {message}; {self.journal[-3:]}")
        if message["type"] == "event":
            self.take(message["topic"], message["payload"]["number"], message["position"])
            return 1
        # A reply tells it at once; a message of its own tells that the log moved on while the client was catching up.
        if message["type"] == "gap" or message.get("gap"):
            self.take_gap([message["topic"]])
            self.held[message["topic"]] = message["position"]
        return 0

    def assert_nothing_is_due(self) -> None:
        """After a silence of `PATIENCE`: an event that was acknowledged to its publisher must have arrived."""
        if not self.gaps_allowed and self.publisher.published > sum(self.received.values()):
            raise Wrong(f"silence, though events are there; {self.journal[-3:]}")
