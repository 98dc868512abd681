# SPDX-License-Identifier: Apache-2.0
# SPDX-FileCopyrightText: Hibiki contributors
"""A publisher that keeps a listener busy: numbered events on several topics, never far ahead of what has arrived."""

from __future__ import annotations

import json
import random
import threading
import time
from typing import Dict, List, Optional

from support.rawclient import Connection
from support.rawevents import post
from support.rawwebsocket import WebSocket, text


class Publisher(threading.Thread):
    """Publishes `count` events in all, at most `lead` ahead of `arrived`, which the listener counts up."""

    def __init__(self, port: int, topics: List[str], count: int, seed: int, lead: int = 400):
        super().__init__(daemon=True)
        self.port = port
        self.topics = topics
        self.count = count
        self.lead = lead
        self.random = random.Random(seed)
        self.sent: Dict[str, int] = {topic: 0 for topic in topics}
        self.published = 0
        self.arrived = 0
        self.error: Optional[BaseException] = None
        self.stopping = False

    @property
    def finished(self) -> bool:
        return self.published == self.count

    def run(self) -> None:
        try:
            with Connection(self.port, timeout=20) as self.http, WebSocket.open(self.port, timeout=20) as self.socket:
                lead = self.lead
                while not self.finished and not self.stopping:
                    if self.random.random() < 0.01:
                        lead = self.random.choice((1, 10, self.lead // 4, self.lead))
                    if self.published - self.arrived >= lead:
                        time.sleep(0.0005)
                        continue
                    self.publish_some(min(self.count - self.published, lead - (self.published - self.arrived)))
        except BaseException as error:
            self.error = error

    def publish_some(self, most: int) -> None:
        how = self.random.random()
        if how < 0.4:
            self.publish_by_http([self.next_event() for _ in range(self.random.randint(1, min(20, most)))])
        elif how < 0.7:
            self.publish_by_http([self.next_event()])
        else:
            self.publish_by_socket(self.next_event())

    def next_event(self) -> bytes:
        """The members of a publication as JSON text; some payloads are spread over lines, some are long."""
        topic = self.random.choice(self.topics)
        self.sent[topic] += 1
        payload = {"topic": topic, "number": self.sent[topic]}
        if self.random.random() < 0.2:
            payload["words"] = "é響🎈\n" * self.random.randint(1, 300)
        indent = self.random.choice((None, None, 1))
        laid_out = json.dumps(payload, ensure_ascii=self.random.random() < 0.5, indent=indent)
        laid_out = laid_out.replace("\n", self.random.choice(("\n", "\r\n", "\r")))
        return f'"topic":{json.dumps(topic)},"event":"numbered","payload":{laid_out}'.encode()

    def publish_by_http(self, events: List[bytes]) -> None:
        body = b",".join(b"{" + event + b"}" for event in events)
        response = post(self.http, body if len(events) == 1 else b"[" + body + b"]")
        if response.status != 200:
            raise AssertionError(f"publish: {response.status} {response.body[:200]!r}")
        self.published += len(events)

    def publish_by_socket(self, event: bytes) -> None:
        self.socket.send(text(b'{"type":"publish","id":%d,' % self.published + event + b"}"))
        answer = self.socket.read_until(lambda message: message.get("id") == self.published)
        if answer["type"] != "reply":
            raise AssertionError(f"publish: {answer}")
        self.published += 1
