# SPDX-License-Identifier: Apache-2.0
# SPDX-FileCopyrightText: Hibiki contributors
"""JSON that is broken, bottomless or ambiguous, and messages that are well-formed but not allowed."""

from __future__ import annotations

import json

from attacks.case import TOPIC, AttackCase, rows
from support.rawclient import Connection
from support.rawevents import poll, post, publication
from support.rawwebsocket import Close, text

DEEP = 20_000

NOT_JSON = {
    "nothing": b"",
    "only spaces": b"   ",
    "a byte order mark": b'\xef\xbb\xbf{"type":"ping"}',
    "an object that is not closed": b'{"type":"ping"',
    "an object with a comma at its end": b'{"type":"ping",}',
    "two objects": b'{"type":"ping"}{"type":"ping"}',
    "text after the object": b'{"type":"ping"} x',
    "names without quotes": b'{type:"ping"}',
    "single quotes": b"{'type':'ping'}",
    "a comment": b'{"type":"ping"/**/}',
    "NaN": b'{"type":"ping","id":NaN}',
    "a number with a leading zero": b'{"type":"ping","id":01}',
    "a number with a plus": b'{"type":"ping","id":+1}',
    "a number without digits after the point": b'{"type":"ping","id":1.}',
    "a lone minus": b'{"type":"ping","id":-}',
    "a control character in a string": b'{"type":"pi\nng"}',
    "NUL after the object": b'{"type":"ping"}\x00',
    "an unknown escape": rb'{"type":"\x70ing"}',
    "half a Unicode escape": rb'{"type":"\u00"}',
    "a string that is not closed": b'{"type":"ping',
    "twenty thousand brackets": b"[" * DEEP,
    "twenty thousand brackets that are closed": b"[" * DEEP + b"]" * DEEP,
    "an array": b"[]",
    "a number": b"1",
    "null": b"null",
    "a string": b'"ping"',
}

WRONG = {
    "no type": {},
    "a type that is a number": {"type": 1},
    "a type that is null": {"type": None},
    "an unknown type": {"type": "shutdown"},
    "an empty type": {"type": ""},
    "a type called __proto__": {"type": "__proto__"},
    "a message of the server": {"type": "welcome", "clientId": "x"},
    "subscribe without a topic": {"type": "subscribe"},
    "subscribe with a number for a topic": {"type": "subscribe", "topic": 1},
    "subscribe with a list for a topic": {"type": "subscribe", "topic": [TOPIC]},
    "subscribe with an empty topic": {"type": "subscribe", "topic": ""},
    "subscribe with a topic of 256 bytes": {"type": "subscribe", "topic": "public/" + "a" * 249},
    "subscribe with NUL in the topic": {"type": "subscribe", "topic": "public/\u0000"},
    "subscribe with a line end in the topic": {"type": "subscribe", "topic": "public/\n"},
    "subscribe with a dollar topic": {"type": "subscribe", "topic": "$internal"},
    "subscribe outside public": {"type": "subscribe", "topic": "private"},
    "subscribe with a number for a position": {"type": "subscribe", "topic": TOPIC, "since": 17},
    "publish without a topic": {"type": "publish", "payload": 1},
    "publish without a payload": {"type": "publish", "topic": TOPIC},
    "publish outside public": {"type": "publish", "topic": "private", "payload": 1},
    "publish with an empty event": {"type": "publish", "topic": TOPIC, "event": "", "payload": 1},
    "publish with an event of 256 bytes": {"type": "publish", "topic": TOPIC, "event": "e" * 256, "payload": 1},
    "publish with a number for an event": {"type": "publish", "topic": TOPIC, "event": 1, "payload": 1},
    "direct to nobody": {"type": "direct", "payload": 1},
    "direct to a number": {"type": "direct", "targetId": 1, "payload": 1},
    "history with a limit of -1": {"type": "history", "topic": TOPIC, "limit": -1},
    "history with a limit that is a string": {"type": "history", "topic": TOPIC, "limit": "10"},
    "presence outside public": {"type": "presence", "topic": "private"},
    "an id of 129 bytes": {"type": "ping", "id": "i" * 129},
    "an empty id": {"type": "ping", "id": ""},
    "an id that is an object": {"type": "ping", "id": {}},
    "an id that is a fraction": {"type": "ping", "id": 1.5},
}

# Well-formed, but not every reader agrees on what it means: an error or an answer, never silence or an end.
AMBIGUOUS = {
    "a type twice": b'{"type":"ping","type":"subscribe","id":7}',
    "an id twice": b'{"type":"ping","id":8,"id":7}',
    "an id of 1e400": b'{"type":"ping","id":1e400}',
    "an id of thirty digits": b'{"type":"ping","id":123456789012345678901234567890}',
    "an id of 2^63": b'{"type":"ping","id":9223372036854775808}',
    "an id of -2^63": b'{"type":"ping","id":-9223372036854775808}',
    "an id of -0": b'{"type":"ping","id":-0}',
    "an id of 7e0": b'{"type":"ping","id":7e0}',
    "an id with an exponent of thirty digits": b'{"type":"ping","id":1e' + b"9" * 30 + b"}",
    "an id of sixty thousand digits": b'{"type":"ping","id":' + b"7" * 60_000 + b"}",
    "an id that is a lone surrogate": rb'{"type":"ping","id":"\ud800"}',
    "an id of NUL": rb'{"type":"ping","id":"\u0000"}',
    "an id of quotes and backslashes": rb'{"type":"ping","id":"\"\\\/\b\f\n\r\t\u2028"}',
    "a type in Unicode escapes": rb'{"\u0074ype":"\u0070ing","id":7}',
    "a topic that is a lone surrogate": rb'{"type":"subscribe","topic":"public/\udfff","id":7}',
    "a topic with its surrogates in the wrong order": rb'{"type":"subscribe","topic":"public/\udc00\ud800","id":7}',
    "a limit of 1e300": b'{"type":"history","topic":"public/attacked","limit":1e300,"id":7}',
    "a limit of 2^63": b'{"type":"history","topic":"public/attacked","limit":9223372036854775808,"id":7}',
    "a limit of zero": b'{"type":"history","topic":"public/attacked","limit":0,"id":7}',
    "four thousand unknown members":
        json.dumps({"type": "ping", "id": 7, **{f"m{n}": n for n in range(4000)}}).encode(),
    "an unknown member of twenty thousand brackets":
        b'{"type":"ping","id":7,"x":' + b"[" * DEEP + b"]" * DEEP + b"}",
    "a payload of twenty thousand brackets":
        b'{"type":"publish","topic":"public/attacked","id":7,"payload":' + b"[" * DEEP + b"]" * DEEP + b"}",
    "a payload of nine thousand nested objects":
        b'{"type":"publish","topic":"public/attacked","id":7,"payload":' + b'{"":' * 9000 + b"1" + b"}" * 9001,
    "a payload with a lone surrogate": rb'{"type":"publish","topic":"public/attacked","id":7,"payload":"\ud800"}',
    "a payload of a huge number": b'{"type":"publish","topic":"public/attacked","id":7,"payload":-1e99999}',
    "a payload twice": b'{"type":"publish","topic":"public/attacked","id":7,"payload":1,"payload":2}',
}


class JSONOverWebSocket(AttackCase):
    @rows({f"{what} is answered with an error, and the connection stays": data for what, data in NOT_JSON.items()})
    def not_json(self, data: bytes) -> None:
        opened = self.open()
        opened.send(text(data))
        answer = opened.read_json()
        self.assertEqual((answer["type"], answer["code"], answer["retry"]), ("error", "invalid_message", False), answer)
        self.assertTrue(answer["message"])
        self.assert_still_open(opened)

    @rows({f"{what} is answered with an error, and the connection stays": message for what, message in WRONG.items()})
    def wrong(self, message: dict) -> None:
        opened = self.open()
        opened.send_json({"id": 7, **message})
        answer = opened.read_json()
        self.assertEqual(answer["type"], "error", answer)
        self.assertIn(answer["code"], ("invalid_message", "invalid_topic", "unknown_type", "permission_denied"))
        if "id" not in message:
            self.assertEqual(answer.get("id"), 7)
        self.assert_still_open(opened)

    @rows({f"{what} is answered once, and the connection stays": data for what, data in AMBIGUOUS.items()})
    def ambiguous(self, data: bytes) -> None:
        opened = self.open()
        opened.send(text(data))
        self.assertIn(opened.read_json()["type"], ("error", "reply"))
        self.assert_still_open(opened)

    def test_a_thousand_broken_messages_are_answered_or_refused_with_1008(self):
        opened = self.open()
        for _ in range(10):
            opened.connection.try_send(text(b"{") * 100)
        for _ in range(1000):
            message = opened.read_message()
            if isinstance(message, Close):
                self.assertEqual(message.code, 1008)
                return
        self.assert_still_open(opened)

    def test_128_topics_are_taken_and_the_next_is_one_too_many(self):
        opened = self.open()
        for number in range(128):
            answer = opened.ask({"type": "subscribe", "topic": f"public/{number}", "id": number})
            self.assertEqual(answer["type"], "reply", answer)
        answer = opened.ask({"type": "subscribe", "topic": "public/128", "id": 128})
        self.assertEqual((answer["type"], answer["code"]), ("error", "limit_exceeded"))
        answer = opened.ask({"type": "subscribe", "topic": "public/0", "id": 129})
        self.assertNotEqual(answer.get("code"), "limit_exceeded", "a topic that one has is not one more")
        self.assertEqual(opened.ask({"type": "unsubscribe", "topic": "public/0", "id": 130})["type"], "reply")
        self.assertEqual(opened.ask({"type": "subscribe", "topic": "public/128", "id": 131})["type"], "reply")

    def test_subscribing_and_leaving_ten_thousand_times_fills_no_memory(self):
        opened = self.open()
        for start in range(0, 10_000, 500):
            opened.send(b"".join(
                text({"type": kind, "topic": f"public/churn-{number}"})
                for number in range(start, start + 500) for kind in ("subscribe", "unsubscribe")
            ))
            self.assert_still_open(opened)

    def test_a_payload_is_handed_on_byte_for_byte(self):
        payload = rb'{ "a" : [1.0, 1e2, -0, 12345678901234567890123, "\u0041\/\ud83d\ude00" ] }'
        opened = self.open()
        opened.ask({"type": "subscribe", "topic": TOPIC, "id": 1})
        opened.send(text(b'{"type":"publish","topic":"%s","payload":%s}' % (TOPIC.encode(), payload)))
        self.assertIn(payload, opened.read_message())

    def test_a_position_of_any_form_is_no_position_or_a_gap(self):
        opened = self.open()
        forged = ("", "-", "-1", "1-", "9e99", "a-9223372036854775808", "x" * 60_000, "\u0000", "ffffffff-1", "🎈-1")
        for since in forged:
            answer = opened.ask({"type": "subscribe", "topic": TOPIC, "since": since, "id": 5})
            told = answer.get("gap") is True or answer["type"] == "error"
            self.assertTrue(told, (since[:40], answer))


BAD_BODIES = {
    **{what: body for what, body in NOT_JSON.items() if what != "an array"},
    "a body that is not UTF-8": b'{"topic":"public/attacked","payload":"\xff"}',
    "an overlong quote": b'{"topic":"public/attacked","payload":\xc0\xa2a"}',
    "no topic": b'{"payload":1}',
    "no payload": b'{"topic":"public/attacked"}',
    "an empty topic": b'{"topic":"","payload":1}',
    "a topic with NUL": rb'{"topic":"public/\u0000","payload":1}',
    "a topic of 256 bytes": json.dumps(publication("public/" + "a" * 249, 1)).encode(),
    "an empty event": b'{"topic":"public/attacked","event":"","payload":1}',
    "an event of 256 bytes": json.dumps(publication(TOPIC, 1, "e" * 256)).encode(),
    "an empty idempotency key": b'{"topic":"public/attacked","payload":1,"id":""}',
    "an idempotency key of 129 bytes": json.dumps(publication(TOPIC, 1, id="i" * 129)).encode(),
    "an idempotency key that is an object": b'{"topic":"public/attacked","payload":1,"id":{}}',
    "an array of numbers": b"[1,2,3]",
    "an array of arrays": b"[[]]",
}


class JSONOverHTTP(AttackCase):
    @rows({f"{what} is answered with 400": body for what, body in BAD_BODIES.items()})
    def bad_body(self, body: bytes) -> None:
        connection = self.connect()
        response = post(connection, body)
        self.assertEqual(response.status, 400, response.body)
        error = response.json()["error"]
        self.assertIn(error["code"], ("invalid_message", "invalid_topic"))
        self.assertIs(error["retry"], False)
        if (response.header("connection") or "").lower() != "close":
            self.assertEqual(poll(connection, [TOPIC]).status, 200)

    @rows({
        "a payload of four hundred thousand brackets is answered":
            b'{"topic":"public/attacked","payload":' + b"[" * 400_000 + b"]" * 400_000 + b"}",
        "a lone surrogate in the payload is answered": rb'{"topic":"public/attacked","payload":"\ud800"}',
        "a topic twice is answered": b'{"topic":"public/attacked","topic":"private","payload":1}',
        "a topic that is a lone surrogate is answered": rb'{"topic":"public/\ud800","payload":1}',
        "a number of a megabyte is answered": b'{"topic":"public/attacked","payload":' + b"1" * 1_000_000 + b"}",
        "sixty thousand members are answered": json.dumps(
            {"topic": TOPIC, "payload": 1, **{f"m{n}": n for n in range(60_000)}}).encode(),
    })
    def odd_body(self, body: bytes) -> None:
        self.assertIn(post(self.connect(), body).status, (200, 400, 403, 413))

    def test_a_refused_topic_is_answered_with_403(self):
        response = post(self.connect(), publication("private", 1))
        self.assertEqual((response.status, response.error_code()), (403, "permission_denied"))

    def test_an_array_of_a_hundred_is_taken_and_one_more_is_refused(self):
        for count, allowed in ((100, {200}), (101, {400, 413})):
            response = post(self.connect(), [publication("public/many", number) for number in range(count)])
            self.assertIn(response.status, allowed)
        events = poll(self.connect(), ["public/many"]).json()["events"]
        self.assertEqual([event["payload"] for event in events], list(range(100)))

    def test_an_array_of_which_one_is_refused_publishes_nothing(self):
        for bad in (publication("private", 1), publication("", 1), {"topic": TOPIC}, 1):
            response = post(self.connect(), [publication("public/none", 1), bad, publication("public/none", 2)])
            self.assertIn(response.status, (400, 403))
        with Connection(self.port) as connection:
            self.assertEqual(poll(connection, ["public/none"]).json()["events"], [])

    def test_what_a_lone_surrogate_did_leaves_the_topic_readable(self):
        post(self.connect(), rb'{"topic":"public/surrogate","payload":"\ud800"}')
        post(self.connect(), publication("public/surrogate", "after"))
        events = poll(self.connect(), ["public/surrogate"]).json()["events"]
        self.assertEqual(events[-1]["payload"], "after")
