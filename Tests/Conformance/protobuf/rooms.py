# SPDX-License-Identifier: Apache-2.0
# SPDX-FileCopyrightText: Hibiki contributors
"""A room of the chat with one who speaks JSON and one who speaks Protocol Buffers."""

from __future__ import annotations

import json
import urllib.request

from protobuf.conversations import Speaker
from protobuf.protoc import decode, encode
from support.case import ServerCase
from support.rawwebsocket import BINARY, WebSocket, frame

ROOM = "general"


class Rooms(ServerCase):
    def guest(self, name):
        body = json.dumps({"name": name}).encode()
        request = urllib.request.Request(self.server.url + "/v1/guests", body, {"Content-Type": "application/json"})
        with urllib.request.urlopen(request, timeout=10) as answer:
            return json.load(answer)

    def test_a_message_is_the_same_to_both_in_its_own_form(self):
        mine, theirs = self.guest("Mine"), self.guest("Theirs")
        with Speaker(self.server.port) as speaker, WebSocket.open(self.server.port) as plain:
            self.assertEqual(speaker.read()["type"], "WELCOME")
            self.assertEqual(speaker.ask("CONNECT", 1, token=mine["token"])["principal"], mine["userId"])
            plain.ask({"type": "connect", "token": theirs["token"], "id": 1})
            joined = speaker.ask("CHAT", 2, command="joinRoom", payload=json.dumps({"roomId": ROOM}))
            self.assertEqual(joined["type"], "REPLY", joined)
            plain.ask({"type": "chat", "command": "joinRoom", "payload": {"roomId": ROOM}, "id": 2})
            self.assertEqual(speaker.ask("SUBSCRIBE", 3, topic=f"rooms/{ROOM}")["type"], "REPLY")
            plain.ask({"type": "subscribe", "topic": f"rooms/{ROOM}", "id": 3})
            # The frame of the guide: an event with a message, and nothing else.
            said = encode(event="message", number=4, chat_message={"room_id": ROOM, "content": "響", "client_id": "c1"})
            speaker.socket.send(frame(BINARY, said))
            message, reply = self.heard(speaker, 4)
            event = plain.read_until(lambda one: one.get("event") == "message")["payload"]
            self.assertEqual(json.loads(reply["result"])["id"], event["id"])
            self.assertEqual(event["content"], "響")
            names = {"id": "id", "room_id": "roomId", "user_id": "userId", "content": "content", "user_name": "userName",
                     "timestamp": "timestamp", "sequence": "sequence", "status": "status", "client_id": "clientId",
                     "revision": "revision"}
            self.assertEqual(message, {name: event[other] for name, other in names.items()})
            self.assertEqual(event["type"], "text")

    def test_a_message_for_a_room_that_is_not_ones_own_is_refused(self):
        with Speaker(self.server.port) as speaker:
            speaker.read()
            speaker.ask("CONNECT", 1, token=self.guest("Nobody")["token"])
            said = encode(number=2, chat_message={"room_id": "elsewhere", "content": "let me in"})
            speaker.socket.send(frame(BINARY, said))
            answer = speaker.read()
            self.assertEqual((answer["type"], answer["number"]), ("ERROR", 2))

    def heard(self, speaker, number):
        """The message that came, and the reply, in whatever order."""
        message, reply = None, None
        while message is None or reply is None:
            got = decode(speaker.socket.read_frame().payload)
            if got.get("number") == number:
                self.assertEqual(got["type"], "REPLY", got)
                reply = got
            elif got.get("event") == "message":
                self.assertNotIn("payload", got)
                message = got["chat_message"]
        return message, reply
