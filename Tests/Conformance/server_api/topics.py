# SPDX-License-Identifier: Apache-2.0
# SPDX-FileCopyrightText: Hibiki contributors
"""Topics: lists in pages, names of every kind in a path, history and presence by the rules of the wire."""

from server_api.case import ApiCase, segment
from support.rawsocketio import SocketClient
from support.rawwebsocket import WebSocket

NAMES = ["a", "a/b/c", "orders/7 + 8", "caf\u00e9", "cafe\u0301", "100%", "a?b#c", "/", "//", "a%2Fb", "..", "{topic}", "\U0001f600", "history"]


class Topics(ApiCase):
    def put(self, topic, payload=1):
        answer = self.ask("/v1/events", "POST", {"topic": topic, "payload": payload}, self.key)
        self.assertEqual(answer.status, 200, answer.body)
        return answer.json["position"]

    def pages(self, query, key=None):
        names, cursor = [], ""
        while True:
            page = self.ask(f"/v1/topics?{query}{cursor}", key=key or self.key).json
            names += [topic["topic"] for topic in page["topics"]]
            if "cursor" not in page:
                return names
            cursor = "&cursor=" + page["cursor"]

    def test_a_name_of_any_kind_is_known_by_its_encoded_form(self):
        for name in NAMES:
            with self.subTest(name=name):
                position = self.put(name)
                topic = self.ask(f"/v1/topics/{segment(name)}", key=self.key).json
                self.assertEqual((topic["topic"], topic["last"]), (name, position))
                events = self.ask(f"/v1/topics/{segment(name)}/history", key=self.key).json["events"]
                self.assertEqual([event["topic"] for event in events], [name])

    def test_pages_hold_every_topic_once_in_the_order_of_bytes(self):
        names = [f"orders/page/{number}" for number in range(25)]
        for name in names:
            self.put(name)
        for limit in (1, 7, 25, 1000):
            self.assertEqual(self.pages(f"prefix=orders/page/&limit={limit}"), sorted(names))
        self.put("elsewhere")
        self.assertNotIn("elsewhere", self.pages("limit=3", self.orders))
        self.assertIn("elsewhere", self.pages("limit=3"))

    def test_queries_that_are_wrong_are_refused(self):
        for query in ("limit=0", "limit=1001", "limit=ten", "limit=+5", "limit=1&limit=2", "cursor=%21", "cursor=JFNZUw", "prefix=%zz"):
            answer = self.ask(f"/v1/topics?{query}", key=self.key)
            self.assertEqual((answer.status, answer.code), (400, "invalid_message"), query)

    def test_a_topic_that_is_only_followed_is_listed_and_one_that_nobody_knows_is_not_found(self):
        with WebSocket.open(self.server.port) as socket:
            socket.ask({"type": "subscribe", "topic": "public/followed", "id": 1})
            topic = self.ask("/v1/topics/public%2Ffollowed", key=self.key).json
            self.assertEqual(topic, {"topic": "public/followed", "subscribers": 1, "events": 0, "bytes": 0})
        answer = self.ask("/v1/topics/public%2Funknown", key=self.key)
        self.assertEqual((answer.status, answer.code), (404, "not_found"))

    def test_history_goes_on_where_it_stopped_as_over_a_websocket(self):
        for number in range(5):
            self.put("public/history", number)
        path, since, heard = "/v1/topics/public%2Fhistory/history?limit=2", "", []
        while True:
            part = self.ask(path + since).json
            heard += [event["payload"] for event in part["events"]]
            since = "&since=" + part["position"]
            if "more" not in part:
                break
        self.assertEqual(heard, list(range(5)))
        with WebSocket.open(self.server.port) as socket:
            reply = socket.ask({"type": "history", "topic": "public/history", "id": 1})
        answer = self.ask("/v1/topics/public%2Fhistory/history").json
        self.assertEqual((answer["events"], answer["position"]), (reply["events"], reply["position"]))
        self.assertTrue(self.ask("/v1/topics/public%2Fhistory/history?since=00000000-1").json["gap"])

    def test_presence_counts_clients_of_every_kind(self):
        with WebSocket.open(self.server.port) as socket:
            sockets = [SocketClient.joined(self.server.port, "/v1") for _ in range(2)]
            try:
                socket.ask({"type": "subscribe", "topic": "public/present", "id": 1})
                for each in sockets:
                    each.ask("subscribe", "public/present", namespace="/v1")
                answer = self.ask("/v1/topics/public%2Fpresent/presence").json
                self.assertEqual(answer, {"topic": "public/present", "count": 3, "clients": [socket.client_id]})
                over = socket.ask({"type": "presence", "topic": "public/present", "id": 2})
                self.assertEqual((over["count"], over["clients"]), (3, [socket.client_id]))
            finally:
                for each in sockets:
                    each.close()

    def test_clients_may_ask_for_what_they_may_ask_for_over_the_wire(self):
        for kind in ("history", "presence"):
            path = f"/v1/topics/orders%2F1/{kind}"
            self.assertEqual(self.ask(path).code, "permission_denied")
            self.assertEqual(self.ask(path, key=self.token()).status, 200)
            self.assertEqual(self.ask(f"/v1/topics/hidden/{kind}", key=self.token()).code, "permission_denied")
            self.assertEqual(self.ask(f"/v1/topics/public%2Fa/{kind}").status, 200)

    def test_methods_that_a_path_has_not_are_405_and_pages_of_other_origins_are_refused(self):
        answer = self.ask("/v1/topics/a%2Fb/history", "PUT", {}, self.key)
        self.assertEqual((answer.status, answer.headers["Allow"]), (405, "GET, HEAD, OPTIONS"))
        head = self.ask("/v1/topics", "HEAD", key=self.key)
        self.assertEqual((head.status, head.body), (200, b""))
        foreign = self.ask("/v1/topics", key=self.key, origin="https://evil.example")
        self.assertEqual((foreign.status, foreign.code), (403, "origin_not_allowed"))
