# SPDX-License-Identifier: Apache-2.0
# SPDX-FileCopyrightText: Hibiki contributors
"""The same conversation in JSON and in Protocol Buffers, in frames that protoc writes and reads."""

from __future__ import annotations

import json

from protobuf.protoc import Name, decode, encode
from support.case import ServerCase
from support.rawwebsocket import BINARY, CLOSE, PING, TEXT, WebSocket, frame, text

PAYLOAD = {"text": "響\n\"quoted\"", "list": [1, -2.5, None, True]}


class Speaker:
    """A WebSocket that speaks Protocol Buffers."""

    def __init__(self, port, offer="hibiki.protobuf"):
        self.socket = WebSocket.open(port, headers=[("Sec-WebSocket-Protocol", offer)], welcome=False)
        self.chosen = self.socket.response.header("sec-websocket-protocol")

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.socket.connection.close()

    def send(self, type, **fields):
        self.socket.send(frame(BINARY, encode(type=Name(type), **fields)))

    def read(self):
        """The next frame, with its payload as a value; `None` at a Close frame."""
        while True:
            got = self.socket.read_frame()
            if got.opcode == CLOSE:
                return None
            if got.opcode == PING:
                continue
            if got.opcode != BINARY:
                raise AssertionError(f"opcode {got.opcode}: {got.payload!r}")
            return decode(got.payload)

    def ask(self, type, number, **fields):
        self.send(type, number=number, **fields)
        while True:
            answer = self.read()
            if answer.get("number") == number:
                return answer


class Conversations(ServerCase):
    def test_the_first_of_the_offer_that_is_known_is_spoken(self):
        for offer, chosen in (("hibiki.protobuf", "hibiki.protobuf"), ("hibiki.json, hibiki.protobuf", "hibiki.json"),
                              ("x, hibiki.protobuf, hibiki.json", "hibiki.protobuf"), ("x", None)):
            with Speaker(self.server.port, offer) as speaker:
                self.assertEqual(speaker.chosen, chosen)
                first = speaker.socket.read_frame()
                self.assertEqual(first.opcode, BINARY if chosen == "hibiki.protobuf" else TEXT)

    def test_an_event_says_the_same_to_all(self):
        topic = "public/both"
        with Speaker(self.server.port) as speaker, WebSocket.open(self.server.port) as plain:
            welcome = speaker.read()
            self.assertEqual(welcome["type"], "WELCOME")
            self.assertEqual(len(welcome["client_id"]), 22)
            subscribed = plain.ask({"type": "subscribe", "topic": topic, "id": 1})
            answer = speaker.ask("SUBSCRIBE", 1, topic=topic)
            self.assertEqual(answer, {"type": "REPLY", "number": 1, "topic": topic, "position": subscribed["position"]})
            speaker.send("PUBLISH", topic=topic, event="said", payload=json.dumps(PAYLOAD), key="k")
            reply = speaker.read()
            mine = speaker.read()
            theirs = plain.read_until(lambda message: message["type"] == "event")
            self.assertEqual((reply["type"], reply["key"], reply["position"]), ("REPLY", "k", mine["position"]))
            self.assertNotIn("type", mine)
            self.assertEqual(json.loads(mine.pop("payload")), theirs.pop("payload"))
            self.assertEqual(theirs.pop("type"), "event")
            self.assertEqual(mine, theirs)
            again = plain.ask({"type": "publish", "topic": topic, "event": "said", "payload": PAYLOAD, "id": "k"})
            self.assertEqual((again["position"], again["duplicate"]), (reply["position"], True))

    def test_what_is_asked_is_answered_as_in_json(self):
        topic = "public/asked"
        for number in range(3):
            self.publish(number, topic=topic)
        with Speaker(self.server.port) as speaker, WebSocket.open(self.server.port) as plain:
            speaker.read()
            for since in ("earliest", "never-1"):
                answer = speaker.ask("HISTORY", 2, topic=topic, since=since, limit=2)
                said = plain.ask({"type": "history", "topic": topic, "since": since, "limit": 2, "id": 2})
                self.assertEqual(answer["position"], said["position"])
                self.assertEqual(answer.get("gap", False), said.get("gap", False))
                payloads = [json.loads(event["payload"]) for event in answer.get("events", [])]
                self.assertEqual(payloads, [event["payload"] for event in said["events"]])
            speaker.ask("SUBSCRIBE", 3, topic=topic)
            presence = speaker.ask("PRESENCE", 4, topic=topic)
            said = plain.ask({"type": "presence", "topic": topic, "id": 4})
            self.assertEqual((presence["count"], [presence["clients"]]), (said["count"], said["clients"]))
            self.assertEqual(speaker.ask("PING", 5), {"type": "REPLY", "number": 5})

    def test_errors_have_the_codes_of_json(self):
        asked = [("SUBSCRIBE", {"topic": "private"}), ("SUBSCRIBE", {}), ("PUBLISH", {"topic": "public/a"}),
                 ("HISTORY", {"topic": "public/a", "limit": 1001}), ("SUBSCRIBE", {"topic": "$SYS"}), ("CONNECT", {}),
                 ("CONNECT", {"token": "none"})]
        with Speaker(self.server.port) as speaker, WebSocket.open(self.server.port) as plain:
            speaker.read()
            for type, fields in asked:
                answer = speaker.ask(type, 7, **fields)
                said = plain.ask({"type": type.lower(), "id": 7, **fields})
                self.assertEqual((answer["type"], answer.get("code")), (said["type"].upper(), said.get("code")))
            for broken in (b"\x1a\x05a", b"\x40", b"\x0f"):
                speaker.socket.send(frame(BINARY, broken))
                answer = speaker.read()
                self.assertEqual((answer["type"], answer["code"]), ("ERROR", "invalid_message"))
            speaker.socket.send(frame(BINARY, b"\x40\x63\x48\x08"))
            answer = speaker.read()
            self.assertEqual((answer["number"], answer["code"]), (8, "unknown_type"))

    def test_a_frame_of_the_other_kind_ends_the_connection_with_1003(self):
        with Speaker(self.server.port) as speaker:
            speaker.read()
            speaker.socket.send(text({"type": "ping"}))
            self.assertEqual(speaker.socket.read_close().code, 1003)
        with WebSocket.open(self.server.port) as plain:
            plain.send(frame(BINARY, encode(type=Name("PING"))))
            self.assertEqual(plain.read_close().code, 1003)
