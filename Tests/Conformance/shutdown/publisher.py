# SPDX-License-Identifier: Apache-2.0
# SPDX-FileCopyrightText: Hibiki contributors
"""A publisher that does not give up: an event that was not acknowledged is sent again, with the same id."""

from __future__ import annotations

import asyncio
import json
from typing import Dict, List

from shutdown.listeners import ENDS


class Publisher:
    """Publishes to each topic in turn, `per_second` events in all; `stop` has each topic end with the same number."""

    def __init__(self, port: int, topics: List[str], per_second: float):
        self.port = port
        self.topics = topics
        self.interval = 1 / per_second
        self.count = 0
        self.repeated = 0
        self.refused = 0
        self.is_stopping = False
        self.reader = self.writer = None

    @property
    def last(self) -> Dict[str, int]:
        """The newest number of each topic."""
        full, more = divmod(self.count, len(self.topics))
        return {topic: full + (index < more) for index, topic in enumerate(self.topics)}

    def stop(self) -> None:
        self.is_stopping = True

    async def run(self) -> None:
        loop = asyncio.get_running_loop()
        due = loop.time()
        while not self.is_stopping or self.count % len(self.topics):
            topic = self.topics[self.count % len(self.topics)]
            await self.publish(topic, self.count // len(self.topics) + 1)
            self.count += 1
            due = max(due + self.interval, loop.time() - 1)
            await asyncio.sleep(due - loop.time())

    async def publish(self, topic: str, number: int) -> None:
        event = {"topic": topic, "event": "numbered", "payload": {"number": number}, "id": f"{topic} {number}"}
        body = json.dumps(event).encode()
        while not await self.attempt(body):
            await asyncio.sleep(0.2)

    async def attempt(self, body: bytes) -> bool:
        """Whether the event is in the log."""
        try:
            if self.writer is None:
                self.reader, self.writer = await asyncio.open_connection("127.0.0.1", self.port)
            head = f"POST /v1/events HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Length: {len(body)}\r\n\r\n"
            self.writer.write(head.encode() + body)
            answer = await self.reader.readuntil(b"\r\n\r\n")
            length = int(answer.lower().partition(b"content-length: ")[2].split(b"\r\n")[0])
            text = await self.reader.readexactly(length)
        except ENDS:
            self.hang_up()
            return False
        if answer.startswith(b"HTTP/1.1 200"):
            self.repeated += json.loads(text).get("duplicate", False)
            return True
        self.refused += 1
        self.hang_up()
        if not answer.startswith(b"HTTP/1.1 503"):
            raise AssertionError(f"publish: {answer!r} {text!r}")
        return False

    def hang_up(self) -> None:
        if self.writer is not None:
            self.writer.close()
        self.reader = self.writer = None
