# SPDX-License-Identifier: Apache-2.0
# SPDX-FileCopyrightText: Hibiki contributors
"""The native protocol over WebSocket."""

from __future__ import annotations

from budgets.case import BudgetCase, few, rest
from support.rawwebsocket import Close, text


class Native(BudgetCase):
    budgets = {"messages_per_connection": "5/s burst 10"}

    def publish_one(self, socket, number):
        return socket.ask({"type": "publish", "topic": self.topic, "payload": number, "id": number})

    def test_a_message_too_many_is_refused_and_the_time_that_it_says_is_right(self):
        socket, neighbour = self.websocket(), self.websocket()
        done, number = [], 0
        while (answer := self.publish_one(socket, number))["type"] == "reply":
            done.append(number)
            number += 1
        self.assertGreaterEqual(len(done), 10)
        # Others go on, and nothing of what was refused has happened.
        self.assertEqual(self.publish_one(neighbour, 1_000)["type"], "reply")
        rest(self.assert_limited(answer))
        self.assertEqual(self.publish_one(socket, 2_000)["type"], "reply")
        body, _ = self.poll()
        self.assertEqual([event["payload"] for event in body["events"]], [*done, 1_000, 2_000])

    def test_what_is_no_command_counts_too(self):
        socket = self.websocket()
        for _ in range(40):
            socket.send_json("nonsense")
        codes = [socket.read_json()["code"] for _ in range(40)]
        self.assertEqual(set(codes), {"invalid_message", "rate_limited"})
        self.assertEqual(codes[:10], ["invalid_message"] * 10)


class NativeJoins(BudgetCase):
    budgets = {"joins_per_connection": few(3), "joins_per_address": few(5)}

    def test_topics_are_counted_and_what_is_followed_is_followed_on(self):
        socket, other = self.websocket(source="127.0.0.1"), self.websocket(source="127.0.0.1")
        kinds = [socket.ask({"type": "subscribe", "topic": f"{self.topic}/{n}", "id": n})["type"] for n in range(5)]
        self.assertEqual(kinds, ["reply"] * 3 + ["error"] * 2)
        socket.send_json({"type": "publish", "topic": f"{self.topic}/2", "payload": 7})
        self.assertEqual(socket.read_until(lambda message: message["type"] == "event")["payload"], 7)
        # What the address has left is for all of its connections, and another one has its own.
        kinds = [other.ask({"type": "subscribe", "topic": f"{self.topic}/{n}", "id": n})["type"] for n in range(3)]
        self.assertEqual(kinds, ["reply"] * 2 + ["error"])
        elsewhere = self.websocket(source="127.0.0.2")
        self.assertEqual(elsewhere.ask({"type": "subscribe", "topic": self.topic, "id": 1})["type"], "reply")


class NativeBytes(BudgetCase):
    budgets = {"bytes_per_connection": "20000/s burst 20000"}

    def test_bytes_are_counted_and_one_message_may_be_larger_than_all_of_them(self):
        socket = self.websocket()
        large = {"type": "publish", "topic": self.topic, "payload": "x" * 24_000, "id": 1}
        self.assertEqual(socket.ask(large)["type"], "reply")
        answer = socket.ask({"type": "ping", "id": 2})
        rest(self.assert_limited(answer))
        self.assertEqual(socket.ask({"type": "ping", "id": 3})["type"], "reply")
        self.assertEqual(self.refused("bytes-per-connection"), 1)


class Patience(BudgetCase):
    budgets = {"messages_per_connection": few(1), "refusals_per_connection": few(20)}

    def test_who_goes_on_is_closed_and_may_come_back(self):
        socket, neighbour = self.websocket(), self.websocket()
        for number in range(200):
            socket.connection.try_send(text({"type": "ping", "id": number}))
        answers, message = [], socket.read_message()
        while not isinstance(message, Close):
            answers.append(message)
            message = socket.read_message()
        self.assertEqual((message.code, message.reason), (4003, "sent too much for too long"))
        # One was answered, and the last one was refused before the close.
        self.assertEqual(len(answers), 1 + 20 + 1)
        self.assertEqual(self.refused("refusals-per-connection"), 1)
        self.assertEqual(neighbour.ask({"type": "ping", "id": 1})["type"], "reply")
        self.assertEqual(self.websocket().ask({"type": "ping", "id": 1})["type"], "reply")
