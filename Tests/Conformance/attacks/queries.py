# SPDX-License-Identifier: Apache-2.0
# SPDX-FileCopyrightText: Hibiki contributors
"""Targets and names that do not decode, do not fit, or would forge a line of the answer."""

from __future__ import annotations

from attacks.case import TOPIC, AttackCase, rows
from attacks.raw_requests import READ
from support.rawclient import Connection
from support.rawevents import EventStream, poll, post, publication, publish, target

QUERIES = {
    "a topic of %zz": "topic=%zz",
    "a topic that ends in %": "topic=public/%",
    "a topic that ends in half an escape": "topic=public/%4",
    "a topic with NUL": "topic=public/%00",
    "a topic with a line end": "topic=public/%0d%0aX-Evil:%201",
    "a topic with DEL": "topic=public/%7f",
    "an overlong slash": "topic=public%c0%af",
    "a topic that is not UTF-8": "topic=public/%ff%fe",
    "a surrogate in the topic": "topic=public/%ed%a0%80",
    "an empty topic": "topic=",
    "no topic": "since=earliest",
    "a topic that begins with a dollar": "topic=%24internal",
    "a topic of 256 bytes": "topic=public/" + "a" * 249,
    "an empty query": "",
    "nothing but ampersands": "&&&&&&",
}

NUMBERS = ("-1", "0", "1001", "61", "1e400", "nan", "inf", "-0", "0x10", "", "%00", "9" * 400, "9223372036854775808",
           "18446744073709551616", "1.5", "0.0000001", "-1e308", "1;2")


class QueryAttacks(AttackCase):
    @rows({f"{what} is answered with 400": query for what, query in QUERIES.items()})
    def bad_query(self, query: str) -> None:
        connection = self.connect()
        response = connection.request("GET", f"/v1/events?{query}")
        self.assertEqual(response.status, 400, response.body)
        self.assertIn(response.error_code(), ("invalid_topic", "invalid_message"))
        self.assertIsNone(response.header("x-evil"))

    def test_a_topic_outside_public_is_refused_on_every_transport(self):
        for headers in ([], [("Accept", "text/event-stream")]):
            for extra in ("", "&wait=1", "&topic=public/a"):
                with Connection(self.port) as connection:
                    response = connection.request("GET", f"/v1/events?topic=private{extra}", headers)
                    self.assertEqual((response.status, response.error_code()), (403, "permission_denied"))

    @rows({f"{name}={number[:30] or 'nothing'} is refused or bounded": (name, number)
           for name in ("wait", "limit") for number in NUMBERS})
    def odd_number(self, name: str, number: str) -> None:
        publish(self.port, TOPIC, 1)
        connection = self.connect()
        response = connection.request("GET", f"{READ}&since=earliest&{name}={number}")
        self.assertIn(response.status, (200, 400))

    def test_128_topics_are_taken_and_129_are_too_many(self):
        for count, allowed in ((128, {200}), (129, {400, 429})):
            with Connection(self.port) as connection:
                response = poll(connection, [f"public/{number}" for number in range(count)])
                self.assertIn(response.status, allowed)
        with Connection(self.port) as connection:
            path = target([f"public/{number}" for number in range(129)])
            self.assertIn(connection.request("GET", path, [("Accept", "text/event-stream")]).status, (400, 429))

    def test_a_line_end_in_since_is_not_echoed_into_a_header(self):
        connection = self.connect()
        for since in ("%0d%0aX-Evil:%201", "latest%0d%0aX-Evil:%201", "a%00b", "%0a%0aevent:%20forged"):
            response = connection.request("GET", f"{READ}&since={since}")
            self.assertIsNone(response.header("x-evil"))
            self.assertIn(response.status, (200, 400))

    def test_a_line_end_in_a_path_is_not_echoed_into_a_header(self):
        connection = self.connect()
        for path in ("/%0d%0aX-Evil:%201", "/client%0d%0aX-Evil:%201", "/client/%0d%0aX-Evil:%201"):
            response = connection.request("GET", path)
            self.assertIsNone(response.header("x-evil"))
            self.assertIn(response.status, (400, 404))

    def test_a_line_end_in_an_event_name_forges_nothing_in_an_event_stream(self):
        for name in ("a\n\nevent: forged\ndata: 1\n", "a\rid: 9-9", "a\r\ndata: forged", "a\u0000b"):
            with EventStream.open(self.port, [TOPIC]) as stream:
                stream.read_until("connected")
                with Connection(self.port) as connection:
                    status = post(connection, publication(TOPIC, "payload", name)).status
                self.assertIn(status, (200, 400))
                publish(self.port, TOPIC, "last", "last")
                while True:
                    event = stream.read_event()
                    self.assertNotEqual(event.event, "forged")
                    self.assertIn(event.data, ('"payload"', '"last"'))
                    if event.event == "last":
                        break
