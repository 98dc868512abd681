# SPDX-License-Identifier: Apache-2.0
# SPDX-FileCopyrightText: Hibiki contributors
"""One event, many events, many topics; once; and every way to get it wrong."""

from server_api.case import ApiCase

LARGE = b'{"topic":"orders/1","payload":"' + b"x" * (1 << 20) + b'"}'


class Publishing(ApiCase):
    def publish(self, body, key=None, **headers):
        return self.ask("/v1/events", "POST", body, key or self.key, **headers)

    def events(self, topic):
        return self.ask(f"/v1/topics/{topic.replace('/', '%2F')}/history", key=self.key).json["events"]

    def test_one_event_for_many_topics_reaches_each_once_however_often_it_is_sent(self):
        topics = [f"orders/many/{number}" for number in range(200)]
        body = {"topics": topics, "event": "news", "payload": {"n": 1}}
        first = self.publish(body, idempotency_key="a broadcast")
        self.assertEqual([each["topic"] for each in first.json["results"]], topics)
        self.assertTrue(all("duplicate" not in each for each in first.json["results"]))
        again = self.publish(body, idempotency_key="a broadcast")
        self.assertTrue(all(each["duplicate"] for each in again.json["results"]))
        self.assertEqual([each["position"] for each in again.json["results"]],
                         [each["position"] for each in first.json["results"]])
        for topic in (topics[0], topics[-1]):
            self.assertEqual([event["payload"] for event in self.events(topic)], [{"n": 1}])

    def test_an_array_that_is_sent_again_is_stored_once_element_by_element(self):
        batch = [{"topic": "orders/array", "payload": number} for number in range(100)]
        first, again = (self.publish(batch, idempotency_key='"an array"') for _ in range(2))
        self.assertEqual([each["position"] for each in first.json], [each["position"] for each in again.json])
        self.assertEqual([event["payload"] for event in self.events("orders/array")], list(range(100)))
        one = self.publish({"topic": "orders/array", "payload": 7, "id": "an array#7"})
        self.assertEqual(one.json, {"position": first.json[7]["position"], "duplicate": True})

    def test_an_id_of_its_own_counts_more_than_the_field(self):
        batch = [{"topic": "orders/own", "payload": 1, "id": "own"}, {"topic": "orders/own", "payload": 2}]
        self.publish(batch, idempotency_key="k")
        self.assertTrue(self.publish({"topic": "orders/own", "payload": 1, "id": "own"}).json["duplicate"])
        self.assertTrue(self.publish({"topic": "orders/own", "payload": 2}, idempotency_key="k#1").json["duplicate"])
        self.assertNotIn("duplicate", self.publish({"topic": "orders/own", "payload": 1}, idempotency_key="k").json)

    def test_nothing_is_published_if_one_of_them_is_refused(self):
        good = {"topic": "orders/none", "payload": 1}
        for bad, code in (({"topic": "public/a", "payload": 1}, "permission_denied"), ({"topic": "$x", "payload": 1}, "invalid_topic"),
                          ({"topic": "orders/none"}, "invalid_message"),
                          ({"topic": "orders/none", "payload": "x" * 65_537}, "too_large")):
            self.assertEqual(self.publish([good, bad], self.orders).code, code)
        self.assertEqual(self.publish({"topics": ["orders/none", "public/a"], "payload": 1}, self.orders).code, "permission_denied")
        self.assertEqual(self.events("orders/none"), [])

    def test_bodies_that_are_wrong_are_refused_with_words(self):
        for body, status, code in (
                (b"", 400, "invalid_message"), (b"{", 400, "invalid_message"), (b"[1]", 400, "invalid_message"),
                (b'"text"', 400, "invalid_message"), (b"\xff", 400, "invalid_message"),
                (b'{"topic":7,"payload":1}', 400, "invalid_message"), (b'{"topics":[],"payload":1}', 400, "invalid_message"),
                (b'{"topics":["a","a"],"payload":1}', 400, "invalid_message"),
                (b'{"topics":["a"],"topic":"a","payload":1}', 400, "invalid_message"),
                (b'[{"topics":["a"],"payload":1}]', 400, "invalid_message"),
                (b"[" + b",".join([b'{"topic":"orders/1","payload":1}'] * 101) + b"]", 413, "too_large"),
                (b'{"topics":[' + b",".join(b'"t%d"' % number for number in range(1001)) + b'],"payload":1}', 413, "too_large"),
                (LARGE, 413, "too_large")):
            answer = self.publish(body)
            self.assertEqual((answer.status, answer.code), (status, code), body[:80])
            self.assertTrue(answer.json["error"]["message"])

    def test_members_that_mean_nothing_are_passed_over(self):
        self.assertEqual(self.publish({"topic": "orders/1", "payload": 1, "colour": "blue"}).status, 200)
