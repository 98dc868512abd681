# SPDX-License-Identifier: Apache-2.0
# SPDX-FileCopyrightText: Hibiki contributors
"""Rooms, broadcasts and acks in both directions, as clients see them."""

from __future__ import annotations

from socketio_wire.case import WireCase
from support.rawsocketio import SocketClient, compact, placeholder

PATIENCE = 2000     # milliseconds that the server waits for acks which do come


class RoomCase(WireCase):
    def member(self, *rooms: str) -> SocketClient:
        client = self.client()
        for room in rooms:
            client.ask("join", room)
        return client

    def said_to(self, client: SocketClient) -> list:
        """What `client` has heard by now: its own message is an end mark behind all that was sent before it."""
        client.emit("message", "mark")
        heard = []
        while True:
            event = client.event()
            if event[:2] == ["message-back", "mark"]:
                return heard
            heard.append(event)

    def broadcast(self, sender: SocketClient, options: dict, *arguments) -> dict:
        return sender.ask("broadcast", options, *arguments)[0]


class Rooms(RoomCase):
    def test_those_in_a_room_hear_what_is_said_and_nobody_else(self):
        first, second, outside = self.member("a"), self.member("a", "b"), self.member("b")
        speaker = self.member()
        speaker.emit("say", "a", 1, {"x": [None]})
        for client in (first, second):
            self.assertEqual(client.read(), '2["said",1,{"x":[null]}]')
        self.assertEqual(self.said_to(speaker), [])
        self.assertEqual(self.said_to(outside), [])

    def test_a_speaker_in_the_room_hears_itself(self):
        speaker = self.member("own")
        speaker.emit("say", "own", "hello")
        self.assertEqual(speaker.event(), ["said", "hello"])

    def test_a_room_that_was_left_is_silent(self):
        member, speaker = self.member("short"), self.member()
        self.assertIsNotNone(member.ask("leave", "short"))
        speaker.emit("say", "short", 1)
        self.assertTrue(speaker.answers())
        self.assertEqual(self.said_to(member), [])

    def test_a_room_that_is_joined_twice_is_heard_once(self):
        member = self.member("twice", "twice")
        self.member().emit("say", "twice", 1)
        self.assertEqual(member.event(), ["said", 1])
        self.assertEqual(self.said_to(member), [])

    def test_a_socket_is_in_the_room_of_its_id(self):
        client = self.opened(SocketClient.websocket(self.port))
        sid = client.connect()["sid"]
        self.assertEqual(client.ask("whoami")[0]["rooms"], [sid])
        self.member().emit("say", sid, "for you")
        self.assertEqual(client.event(), ["said", "for you"])

    def test_rooms_are_left_with_the_namespace(self):
        member = self.member("gone")
        member.send("1")
        member.connect()
        speaker = self.member()
        speaker.emit("say", "gone", 1)
        self.assertTrue(speaker.answers())
        self.assertEqual(self.said_to(member), [])

    def test_a_thousand_messages_come_to_all_in_order(self):
        members = [self.member("busy") for _ in range(3)]
        speaker = self.member()
        for start in range(0, 1000, 100):
            speaker.send(*(f'2["say","busy",{number}]' for number in range(start, start + 100)))
        for member in members:
            self.assertEqual([member.event()[1] for _ in range(1000)], list(range(1000)))

    def test_binary_is_said_to_websockets_and_to_polling(self):
        listeners = [self.member("bytes"), self.opened(SocketClient.polling(self.port))]
        listeners[1].connect()
        listeners[1].ask("join", "bytes")
        self.member().send("51-" + compact(["say", "bytes", {"deep": [placeholder(0)]}]), b"\x00\xff")
        for listener in listeners:
            self.assertEqual(listener.event(), ["said", {"deep": [b"\x00\xff"]}])

    def test_odd_names_of_rooms_are_names_like_others(self):
        for room in ("", "/", ",", "é😀", "a" * 20, "\u0000", "__proto__"):
            member = self.member(room)
            self.member().emit("say", room, room)
            self.assertEqual(member.event(), ["said", room])


class Broadcasts(RoomCase):
    def setUp(self):
        super().setUp()
        self.only_a, self.both, self.only_b = self.member("a"), self.member("a", "b"), self.member("b")
        self.sender = self.member("a")
        self.all = (self.only_a, self.both, self.only_b, self.sender)

    def heard(self) -> list:
        """How often each of the four has heard it."""
        return [len(self.said_to(client)) for client in self.all]

    def test_no_room_means_everybody(self):
        self.broadcast(self.sender, {"self": True}, "note", 1)
        for client in (self.only_a, self.both, self.only_b):
            self.assertEqual(client.event(), ["note", 1])

    def test_a_socket_does_not_hear_its_own_broadcast(self):
        self.sender.send('28["broadcast",{"to":["a"],"self":false},"note"]')
        self.assertEqual(self.sender.message().id, 8)
        self.assertEqual(self.heard(), [1, 1, 0, 0])

    def test_several_rooms_are_heard_once(self):
        self.sender.send('28["broadcast",{"to":["a","b"],"self":false},"note"]')
        self.assertEqual(self.sender.message().id, 8)
        self.assertEqual(self.heard(), [1, 1, 1, 0])

    def test_members_of_an_excepted_room_hear_nothing(self):
        self.sender.send('28["broadcast",{"to":["a"],"except":["b"],"self":false},"note"]')
        self.assertEqual(self.sender.message().id, 8)
        self.assertEqual(self.heard(), [1, 0, 0, 0])

    def test_an_exception_counts_without_rooms_too(self):
        self.sender.send('28["broadcast",{"except":["a"],"self":false},"note"]')
        self.assertEqual(self.sender.message().id, 8)
        self.assertEqual(self.heard(), [0, 0, 1, 0])

    def test_a_volatile_message_reaches_a_websocket_that_is_ready(self):
        self.sender.send('28["broadcast",{"to":["b"],"volatile":true,"self":false},"note"]')
        self.assertEqual(self.sender.message().id, 8)
        self.assertEqual(self.heard(), [0, 1, 1, 0])

    def test_a_volatile_message_is_dropped_between_two_polls(self):
        poller = self.opened(SocketClient.polling(self.port))
        poller.connect()
        poller.ask("join", "polled")
        self.broadcast(self.sender, {"to": ["polled"], "volatile": True}, "note", "lost")
        self.broadcast(self.sender, {"to": ["polled"]}, "note", "kept")
        self.assertEqual(poller.event(), ["note", "kept"])

    def test_a_volatile_message_reaches_a_poll_that_hangs(self):
        poller = self.opened(SocketClient.polling(self.port))
        poller.connect()
        poller.ask("join", "polled")
        with poller.engine.hang() as hanging:
            self.broadcast(self.sender, {"to": ["polled"], "volatile": True}, "note", "in time")
            self.assertEqual(hanging.read_response().body, b'42["note","in time"]')


class Acks(RoomCase):
    def test_the_server_may_ask_a_client(self):
        client = self.client()
        client.emit("ask-me", "question", 1, "two")
        question = client.message()
        self.assertEqual((question.type, question.data), ("2", ["question", 1, "two"]))
        self.assertIsNotNone(question.id)
        client.send(f'3{question.id}["answer",{{"a":1}}]')
        self.assertEqual(client.read(), '2["asked","answer",{"a":1}]')

    def test_a_client_may_answer_with_attachments(self):
        client = self.client()
        client.emit("ask-me", "question")
        number = client.message().id
        client.send(f'61-{number}[{compact(placeholder(0))}]', b"\x01\x02")
        self.assertEqual(client.event(), ["asked", b"\x01\x02"])

    def test_only_the_first_answer_counts(self):
        client = self.client()
        client.emit("ask-me", "question")
        number = client.message().id
        client.send(f'3{number}["first"]', f'3{number}["second"]')
        self.assertEqual(client.read(), '2["asked","first"]')
        self.assertTrue(client.answers())

    def test_an_answer_of_another_socket_does_not_count(self):
        client, thief = self.client(), self.client()
        client.emit("ask-me", "question")
        number = client.message().id
        thief.send(f'3{number}["stolen"]')
        self.assertTrue(thief.answers())
        client.send(f'3{number}["mine"]')
        self.assertEqual(client.read(), '2["asked","mine"]')

    def test_questions_have_numbers_of_their_own(self):
        client = self.client()
        client.emit("ask-me", "a")
        client.emit("ask-me", "b")
        numbers = [client.message().id for _ in range(2)]
        self.assertEqual(len(set(numbers)), 2)

    def test_a_broadcast_gathers_the_first_argument_of_each_answer(self):
        first, second, sender = self.member("jury"), self.member("jury"), self.member()
        sender.emit("broadcast", {"to": ["jury"], "timeout": PATIENCE}, "vote", 1, id=7)
        numbers = set()
        for client, vote in ((first, "yes"), (second, "no")):
            question = client.message()
            self.assertEqual(question.data, ["vote", 1])
            numbers.add(question.id)
            client.send(f'3{question.id}["{vote}","more"]')
        self.assertEqual(len(numbers), 1)
        answer = sender.message().data[0]
        self.assertEqual((sorted(answer["responses"]), answer["timedOut"]), (["no", "yes"], False))

    def test_a_broadcast_to_nobody_is_answered_at_once(self):
        answer = self.broadcast(self.member(), {"to": ["nobody"], "timeout": 60_000}, "vote")
        self.assertEqual(answer, {"responses": [], "timedOut": False})

    def test_a_broadcast_that_runs_out_of_time_has_the_answers_so_far(self):
        eager, idle, sender = self.member("slow"), self.member("slow"), self.member()
        sender.emit("broadcast", {"to": ["slow"], "timeout": 300}, "vote", id=7)
        eager.send(f'3{eager.message().id}["here"]')
        self.assertEqual(idle.message().data, ["vote"])
        self.assertEqual(sender.message().data[0], {"responses": ["here"], "timedOut": True})
