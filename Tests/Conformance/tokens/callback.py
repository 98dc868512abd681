# SPDX-License-Identifier: Apache-2.0
# SPDX-FileCopyrightText: Hibiki contributors
"""A service of the operator that is asked who may do what: what it says holds, and what it does not say is no."""

from __future__ import annotations

import http.server
import json
import threading
import time

from support.rawsocketio import SocketClient
from support.server import Server
from tokens.case import TokenCase


class Service:
    """Answers by the name of the topic, and keeps the questions."""

    def __init__(self):
        self.questions: list = []
        service = self

        class Handler(http.server.BaseHTTPRequestHandler):
            def do_POST(self):
                question = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
                service.questions.append(question)
                status, body = service.answer(question)
                try:
                    self.send_response(status)
                    self.send_header("Content-Length", str(len(body)))
                    self.end_headers()
                    self.wfile.write(body)
                except OSError:
                    pass    # whoever asked has not waited

            def log_message(self, *_):
                pass

        self.server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.server.daemon_threads = True
        self.url = f"http://127.0.0.1:{self.server.server_address[1]}/may"
        threading.Thread(target=self.server.serve_forever, daemon=True).start()

    def answer(self, question) -> "tuple[int, bytes]":
        who = (question["principal"] or {}).get("id")
        if question["action"] == "connect":
            return 200, json.dumps({"allow": who != "banned"}).encode()
        topic = question["topic"]
        if topic.startswith("slow/"):
            time.sleep(0.5)
        if topic.startswith("late/"):
            time.sleep(5)
        odd = {"broken/500": (500, b'{"allow":true}'), "broken/text": (200, b"yes"), "broken/list": (200, b"[true]"),
               "broken/large": (200, b'{"allow":true,"x":"' + b"x" * (1 << 20) + b'"}'),
               "broken/302": (302, b""), "broken/number": (200, b'{"allow":1}')}
        if topic in odd:
            return odd[topic]
        return 200, json.dumps({"allow": topic.split("/")[1] == who or topic.startswith("slow/"), "ttl": 60}).encode()

    def asked(self, topic: str) -> int:
        return sum(question.get("topic") == topic for question in self.questions)

    def close(self):
        self.server.shutdown()
        self.server.server_close()


class Callback(TokenCase):
    @classmethod
    def options(cls, folder):
        cls.service = Service()
        return [*super().options(folder), "--authorization-url", cls.service.url, "--authorization-timeout", "1.5"]

    @classmethod
    def tearDownClass(cls):
        super().tearDownClass()
        cls.service.close()

    def test_it_is_told_who_wants_what_and_what_it_says_holds_on_every_transport(self):
        text = self.token("alice", roles=["staff"])
        for topic, allowed in (("teams/alice/x", True), ("teams/bob/x", False)):
            self.assertEqual(self.get(topic, text).status, 200 if allowed else 403)
            self.assertEqual(self.post(topic, text).status, 200 if allowed else 403)
            opened = self.open(headers=self.bearer(text))
            for message in ({"type": "subscribe"}, {"type": "publish", "payload": 1}, {"type": "history"}):
                answer = opened.ask({**message, "topic": topic, "id": 1})
                self.assertEqual(answer["type"], "reply" if allowed else "error", answer)
            client = self.opened(SocketClient.joined(self.port, "/v1", {"token": text}))
            self.assertEqual("topic" in client.ask("subscribe", topic, namespace="/v1")[0], allowed)
            self.assertEqual(self.service.asked(topic), 2, "once to subscribe and once to publish")
        self.assertIn(
            {"action": "subscribe", "topic": "teams/alice/x", "principal": {"id": "alice", "roles": ["staff"]}},
            self.service.questions)

    def test_it_is_not_asked_about_what_a_rule_allows(self):
        self.assertEqual(self.get("public/ruled").status, 200)
        self.assertEqual(self.service.asked("public/ruled"), 0)

    def test_it_may_keep_somebody_out(self):
        text = self.token("banned")
        self.assertEqual((self.get(text=text).status, self.get(text=text).error_code()), (403, "permission_denied"))
        answer = self.open().ask({"type": "connect", "token": text, "id": 1})
        self.assertEqual(answer["code"], "permission_denied")
        client = self.opened(SocketClient.websocket(self.port))
        client.send("0/v1," + json.dumps({"token": text}))
        self.assertEqual(client.message().data["data"]["code"], "permission_denied")

    def test_what_it_answers_that_nobody_understands_is_no_and_may_be_asked_again(self):
        text = self.token()
        for topic in ("500", "text", "list", "large", "302", "number"):
            response = self.get(f"broken/{topic}", text)
            self.assertEqual((response.status, response.error_code()), (503, "authorization_unavailable"), topic)
            self.assertTrue(response.json()["error"]["retry"])

    def test_what_it_answers_too_late_is_no(self):
        started = time.monotonic()
        response = self.get("late/alice", self.token())
        self.assertEqual((response.status, response.error_code()), (503, "authorization_unavailable"))
        self.assertLess(time.monotonic() - started, 4)

    def test_while_it_takes_its_time_others_are_served_and_order_is_kept(self):
        opened = self.open(headers=self.bearer(self.token()))
        started = time.monotonic()
        for number in range(3):
            opened.send_json({"type": "publish", "topic": f"slow/{number}", "payload": number, "id": number})
        opened.send_json({"type": "ping", "id": 3})
        self.assert_neighbour_served()
        self.assertLess(time.monotonic() - started, 1)
        self.assertEqual([opened.read_json()["id"] for _ in range(4)], [0, 1, 2, 3])

    def test_a_service_that_is_gone_lets_nobody_in_and_holds_nobody_up(self):
        service = Service()
        with Server("--authorization-url", service.url, "--permission", "anyone subscribe public/**") as server:
            service.close()
            before, type(self).server = self.server, server
            try:
                response = self.get("public/a")
                self.assertEqual((response.status, response.error_code()), (503, "authorization_unavailable"))
            finally:
                type(self).server = before

