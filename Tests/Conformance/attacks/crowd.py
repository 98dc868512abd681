# SPDX-License-Identifier: Apache-2.0
# SPDX-FileCopyrightText: Hibiki contributors
"""A thousand subscribers on one thread, which read all that comes and count the events that each got."""

from __future__ import annotations

import json
import selectors
import threading
import time
from typing import Dict, List

from support.rawwebsocket import CLOSE, TEXT, WebSocket


class Member:
    def __init__(self, opened: WebSocket):
        self.connection = opened.connection
        self.offsets: List[int] = []
        self.closed = False

    def eat(self) -> None:
        """Takes each whole frame out of what has come so far."""
        buffer = self.connection.buffer
        while len(buffer) >= 2:
            length, start = buffer[1], 2
            if length == 126:
                length, start = int.from_bytes(buffer[2:4], "big"), 4
            elif length == 127:
                length, start = int.from_bytes(buffer[2:10], "big"), 10
            if len(buffer) < start + length:
                return
            opcode = buffer[0] & 0x0F
            if opcode == TEXT:
                self.note(bytes(buffer[start:start + length]))
            self.closed = self.closed or opcode == CLOSE
            del buffer[:start + length]

    def note(self, message: bytes) -> None:
        # The payload is long and of no interest here; the position stands before it.
        if b'"event"' not in message[:20]:
            return
        place = message.index(b'"position":"') + 12
        position = message[place:message.index(b'"', place)]
        self.offsets.append(int(position.rpartition(b"-")[2]))


class Crowd:
    def __init__(self, port: int, topic: str, count: int):
        self.members: List[Member] = []
        self.selector = selectors.DefaultSelector()
        self.stopping = False
        for _ in range(count):
            opened = WebSocket.open(port)
            answer = opened.ask({"type": "subscribe", "topic": topic, "id": 1})
            if answer["type"] != "reply":
                raise AssertionError(json.dumps(answer))
            member = Member(opened)
            self.members.append(member)
            opened.connection.socket.setblocking(False)
            self.selector.register(opened.connection.socket, selectors.EVENT_READ, member)
        self.thread = threading.Thread(target=self.run, daemon=True)
        self.thread.start()

    def run(self) -> None:
        while not self.stopping:
            for key, _ in self.selector.select(0.1):
                member = key.data
                try:
                    data = key.fileobj.recv(1 << 18)
                except BlockingIOError:
                    continue
                except OSError:
                    data = b""
                if not data:
                    member.closed = True
                    self.selector.unregister(key.fileobj)
                    continue
                member.connection.buffer += data
                member.eat()

    def counts(self) -> Dict[str, int]:
        return {
            "least": min(len(member.offsets) for member in self.members),
            "closed": sum(member.closed for member in self.members),
        }

    def wait_for(self, events: int, seconds: float) -> None:
        """Waits until every member has got `events` events."""
        deadline = time.monotonic() + seconds
        while self.counts()["least"] < events:
            if time.monotonic() > deadline:
                raise AssertionError(f"event {events} did not reach all within {seconds} s: {self.counts()}")
            time.sleep(0.001)

    def leave(self) -> None:
        self.stopping = True
        self.thread.join()
        for member in self.members:
            member.connection.close()
        self.selector.close()
