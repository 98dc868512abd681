# SPDX-License-Identifier: Apache-2.0
# SPDX-FileCopyrightText: Hibiki contributors
"""The HTTP faces of the log, raw: publish, poll, and a Server-Sent Events reader."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import Iterable, List, Optional
from urllib.parse import quote

from support.rawclient import Connection, Ended, Headers, Malformed, Response, request_bytes


def target(topics: Iterable[str], since: Optional[str] = None, **parameters) -> str:
    """The request target that reads `topics`."""
    parts = [f"topic={quote(topic, safe='')}" for topic in topics]
    if since is not None:
        parts.append(f"since={quote(since, safe='')}")
    parts += [f"{name}={quote(str(value), safe='')}" for name, value in parameters.items()]
    return "/v1/events?" + "&".join(parts)


def publication(topic: str, payload, event: Optional[str] = None, id: Optional[str] = None) -> dict:
    fields = {"topic": topic, "event": event, "payload": payload, "id": id}
    return {name: value for name, value in fields.items() if value is not None or name == "payload"}


def post(connection: Connection, body) -> Response:
    """Posts to the log; `body` is bytes, or a value to be sent as JSON."""
    data = body if isinstance(body, bytes) else json.dumps(body).encode()
    return connection.request("POST", "/v1/events", (("Content-Type", "application/json"),), data)


def publish(port: int, topic: str, payload, event: Optional[str] = None, id: Optional[str] = None) -> str:
    """Publishes on a connection of its own and gives the position."""
    with Connection(port) as connection:
        response = post(connection, publication(topic, payload, event, id))
    if response.status != 200:
        raise AssertionError(f"publish: {response.status} {response.body[:200]!r}")
    return response.json()["position"]


def poll(connection: Connection, topics: Iterable[str], since: Optional[str] = None, **parameters) -> Response:
    """One short poll, or with `wait` one long poll."""
    return connection.request("GET", target(topics, since, **parameters))


@dataclass
class StreamEvent:
    id: Optional[str]
    event: str
    data: str

    def json(self):
        return json.loads(self.data)


class EventStream:
    """A reader of `text/event-stream` by the HTML standard: an event counts when its empty line has come."""

    def __init__(self, connection: Connection, response: Response):
        self.connection = connection
        self.response = response
        self.chunked = (response.header("transfer-encoding") or "").lower() == "chunked"
        self.text = bytearray()
        self.last_event_id: Optional[str] = None
        self.retry: Optional[int] = None
        self.comments = 0

    @classmethod
    def open(
        cls,
        port: int,
        topics: Iterable[str],
        since: Optional[str] = None,
        *,
        last_event_id: Optional[str] = None,
        headers: Headers = (),
        parameters: Optional[dict] = None,
        **options,
    ) -> "EventStream":
        """Connects and reads the head; `options` go to `Connection`."""
        connection = Connection(port, **options)
        try:
            sent = [("Accept", "text/event-stream"), *headers]
            if last_event_id is not None:
                sent.append(("Last-Event-ID", last_event_id))
            path = target(topics, since, **(parameters or {}))
            connection.send(request_bytes("GET", path, connection.host, sent))
            response = connection.read_head()
            if response.status != 200 or not (response.header("content-type") or "").startswith("text/event-stream"):
                raise AssertionError(f"no event stream: {response.status}")
            return cls(connection, response)
        except BaseException:
            connection.close()
            raise

    def __enter__(self) -> "EventStream":
        return self

    def __exit__(self, *_) -> None:
        self.connection.close()

    def fill(self) -> None:
        if self.chunked:
            chunk = self.connection.read_chunk()
            if not chunk:
                raise Ended("end of the event stream")
            self.text += chunk
        else:
            if not self.connection.buffer:
                self.connection.fill()
            self.text += self.connection.take(len(self.connection.buffer))

    def read_line(self) -> str:
        searched = 0
        while True:
            end = self.text.find(b"\n", searched)
            if end >= 0:
                line = bytes(self.text[:end])
                del self.text[: end + 1]
                return line.decode().rstrip("\r")
            searched = len(self.text)
            self.fill()

    def read_comment(self) -> None:
        """Waits for the next comment; events before it are dropped."""
        while not self.read_line().startswith(":"):
            pass
        self.comments += 1

    def read_event(self) -> StreamEvent:
        """The next event; comments and `retry` are noted on the way."""
        event = ""
        data: List[str] = []
        while True:
            line = self.read_line()
            if not line:
                if data:
                    return StreamEvent(self.last_event_id, event or "message", "\n".join(data))
                event = ""
                continue
            name, _, value = line.partition(":")
            value = value[1:] if value.startswith(" ") else value
            if not name:
                self.comments += 1
            elif name == "event":
                event = value
            elif name == "data":
                data.append(value)
            elif name == "id":
                self.last_event_id = value
            elif name == "retry":
                self.retry = int(value)
            else:
                raise Malformed(f"unknown field {name[:40]!r} in the event stream")

    def read_until(self, event: str) -> StreamEvent:
        while True:
            got = self.read_event()
            if got.event == event:
                return got
