# SPDX-License-Identifier: Apache-2.0
# SPDX-FileCopyrightText: Hibiki contributors
"""A raw Socket.IO 5 client on an Engine.IO session: packets as they are, and shorthand for the usual ones."""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from typing import List, Optional, Union

from support.rawclient import Malformed
from support.rawengine import SOCKETS, EngineSocket, Packet, Polling

CONNECT, DISCONNECT, EVENT, ACK, CONNECT_ERROR, BINARY_EVENT, BINARY_ACK = "0123456"
GREETINGS = {"/": "auth", "/custom": "auth", "/app": "hello"}
FORM = re.compile(r"([0-6])(?:(\d+)-)?(?:(/[^,]*),)?(\d+)?(.*)", re.DOTALL)


def placeholder(number: int) -> dict:
    return {"_placeholder": True, "num": number}


def compact(value) -> str:
    """JSON as JavaScript writes it."""
    return json.dumps(value, separators=(",", ":"), ensure_ascii=False)


def fill(value, attachments: List[bytes]):
    """`value` with its placeholders replaced."""
    if isinstance(value, list):
        return [fill(each, attachments) for each in value]
    if isinstance(value, dict):
        if value.get("_placeholder") is True:
            return attachments[value["num"]]
        return {name: fill(each, attachments) for name, each in value.items()}
    return value


@dataclass
class Message:
    """A packet of Socket.IO with its attachments in their places."""

    type: str
    namespace: str
    id: Optional[int]
    data: object


class SocketClient:
    """`engine` is an open session, over either transport."""

    def __init__(self, engine: Union[EngineSocket, Polling]):
        self.engine = engine
        self.greeting: Optional[Message] = None

    @classmethod
    def websocket(cls, port: int, path: str = SOCKETS, **options) -> "SocketClient":
        return cls(EngineSocket.connect(port, path, **options))

    @classmethod
    def polling(cls, port: int, path: str = SOCKETS, **options) -> "SocketClient":
        return cls(Polling.open(port, path, **options))

    @classmethod
    def joined(cls, port: int, namespace: str = "/", auth: Optional[dict] = None, **options) -> "SocketClient":
        """Over WebSocket, with one namespace connected and its greeting read."""
        client = cls.websocket(port, **options)
        client.connect(namespace, auth)
        return client

    def close(self) -> None:
        self.engine.close()

    # Packets as they are

    def send(self, *packets: Packet) -> None:
        """Messages: text is sent as it stands here, without the engine's `4`."""
        self.engine.send(*("4" + each if isinstance(each, str) else each for each in packets))

    def read(self) -> Packet:
        """The next message: its text without the engine's `4`, or the bytes of an attachment."""
        packet = self.engine.receive()
        if isinstance(packet, bytes):
            return packet
        if not packet.startswith("4"):
            raise Malformed(f"a message expected, not {packet!r}")
        return packet[1:]

    # What they say

    def message(self) -> Message:
        """The next packet with the attachments that must follow at once."""
        text = self.read()
        found = FORM.fullmatch(text) if isinstance(text, str) else None
        if not found:
            raise Malformed(f"not a packet: {text!r}")
        kind, count, namespace, number, data = found.groups()
        if (kind in (BINARY_EVENT, BINARY_ACK)) != (count is not None):
            raise Malformed(f"a count of attachments at the wrong place: {text!r}")
        attachments = [self.attachment() for _ in range(int(count or 0))]
        value = fill(json.loads(data), attachments) if data else None
        return Message(kind, namespace or "/", None if number is None else int(number), value)

    def attachment(self) -> bytes:
        data = self.read()
        if not isinstance(data, bytes):
            raise Malformed(f"{data!r} came between a packet and its attachments")
        return data

    def connect(self, namespace: str = "/", auth: Optional[dict] = None) -> dict:
        """Joins a namespace and gives the reply's object; what the target says to a newcomer is kept in `greeting`."""
        prefix = "" if namespace == "/" else namespace + ","
        self.send(CONNECT + prefix + ("" if auth is None else compact(auth)))
        reply = self.message()
        if (reply.type, reply.namespace) != (CONNECT, namespace):
            raise Malformed(f"not connected: {reply}")
        greeting = GREETINGS.get(namespace)
        if greeting:
            self.greeting = self.message()
            if self.greeting.type != EVENT or self.greeting.data[0] != greeting:
                raise Malformed(f"{greeting} expected, not {self.greeting}")
        return reply.data

    def emit(self, *arguments, namespace: str = "/", id: Optional[int] = None) -> None:
        """An event without binary arguments."""
        prefix = "" if namespace == "/" else namespace + ","
        self.send(EVENT + prefix + ("" if id is None else str(id)) + compact(list(arguments)))

    def event(self) -> list:
        """The next packet, which must be an event: its name and its arguments."""
        message = self.message()
        if message.type not in (EVENT, BINARY_EVENT):
            raise Malformed(f"an event expected, not {message}")
        return message.data

    def ask(self, *arguments, namespace: str = "/", id: int = 9001) -> list:
        """Emits, and reads up to the ack; the events before it are dropped."""
        self.emit(*arguments, namespace=namespace, id=id)
        while True:
            message = self.message()
            if message.type in (ACK, BINARY_ACK) and message.id == id:
                return message.data
            if message.type not in (EVENT, BINARY_EVENT):
                raise Malformed(f"an ack expected, not {message}")

    def answers(self) -> bool:
        """Whether an event on `/` comes back, as on any connection that is well."""
        self.emit("message", "still there?")
        return self.event()[:2] == ["message-back", "still there?"]
