# SPDX-License-Identifier: Apache-2.0
# SPDX-FileCopyrightText: Hibiki contributors
"""Who may do what, by the rules of the server and by what stands in a token, over every transport."""

from __future__ import annotations

import json

from support.rawclient import Connection
from support.rawevents import EventStream, publication
from support.rawsocketio import SocketClient
from support.rows import rows
from tokens.case import TokenCase

RULES = [
    "anyone all public/**",
    "users all users/{id}/**",
    "role:editor subscribe+publish+history news/*",
    "users subscribe+publish live/*",
    "role:boss all **",
]

ALICE = {"sub": "alice"}
EDITOR = {"sub": "eve", "roles": ["editor", "staff"]}
GRANTED = {"sub": "gus", "permissions": ["subscribe+history orders/{id}", "publish audit"]}

# Who, the topic, and whether that one may read it and publish to it.
DECISIONS = {
    "nobody may use a public topic": (None, "public/rules", True, True),
    "nobody may not use another": (None, "news/today", False, False),
    "a user may use topics of its own": (ALICE, "users/alice/inbox", True, True),
    "a user may not use those of another": (ALICE, "users/bob/inbox", False, False),
    "a user may not climb out of its own": (ALICE, "users/alice/../bob", True, True),
    "a user whose id is a pattern opens nothing": ({"sub": "*"}, "users/alice/inbox", False, False),
    "a user whose id is two stars opens nothing": ({"sub": "**"}, "users/alice/inbox", False, False),
    "a user whose id has a slash opens nothing": ({"sub": "alice/inbox"}, "users/alice/inbox", False, False),
    "a user without a role may not use its topics": (ALICE, "news/today", False, False),
    "a user with a role may": (EDITOR, "news/today", True, True),
    "a star is one segment": (EDITOR, "news/today/late", False, False),
    "a role whose name is a pattern opens nothing": ({"sub": "x", "roles": ["*", "**", "edito?"]}, "news/today", False, False),
    "two stars are everything": ({"sub": "x", "roles": ["boss"]}, "news/today/late", True, True),
    "a token may allow to read": (GRANTED, "orders/gus", True, False),
    "a token may allow to publish": (GRANTED, "audit", False, True),
    "a token allows no more than it says": (GRANTED, "orders/other", False, False),
}


class Rules(TokenCase):
    @classmethod
    def options(cls, folder):
        return [*super().options(folder), *(part for rule in RULES for part in ("--permission", rule))]

    def text(self, who) -> "str | None":
        return None if who is None else self.token(**who)

    @rows(DECISIONS)
    def decision(self, who, topic, may_read, may_publish) -> None:
        text = self.text(who)
        self.assertEqual(self.get(topic, text).status, 200 if may_read else 403)
        self.assertEqual(self.get(topic, text, wait=0.01).status in (200, 204), may_read)
        self.assertEqual(self.post(topic, text).status, 200 if may_publish else 403)
        self.assertEqual(self.streams(topic, text), may_read)
        opened = self.open(headers=self.bearer(text) if text else [])
        answer = opened.ask({"type": "subscribe", "topic": topic, "id": 1})
        self.assertEqual(answer["type"], "reply" if may_read else "error", answer)
        answer = opened.ask({"type": "publish", "topic": topic, "payload": 1, "id": 2})
        self.assertEqual(answer["type"], "reply" if may_publish else "error", answer)
        client = self.opened(SocketClient.joined(self.port, "/v1", {"token": text} if text else None))
        self.assertEqual("topic" in client.ask("subscribe", topic, namespace="/v1")[0], may_read)
        self.assertEqual("position" in client.ask("publish", topic, "message", 1, namespace="/v1")[0], may_publish)

    def streams(self, topic, text) -> bool:
        try:
            EventStream.open(self.port, [topic], headers=self.bearer(text) if text else []).connection.close()
            return True
        except AssertionError:
            return False

    def test_a_position_is_a_gap_for_those_who_may_not_read_what_came_before(self):
        text = self.token()
        for number in range(3):
            self.post("live/match", text)
        opened = self.open(headers=self.bearer(text))
        answer = opened.ask({"type": "subscribe", "topic": "live/match", "since": "earliest", "id": 1})
        self.assertTrue(answer["gap"], answer)
        for command in ("history", "presence"):
            answer = opened.ask({"type": command, "topic": "live/match", "id": 2})
            self.assertEqual(answer["code"], "permission_denied")
        body = self.get("live/match", text).json()
        self.assertEqual((body["events"], body["gap"]), ([], True))
        boss = self.token("ben", roles=["boss"])
        self.assertEqual(len(self.get("live/match", boss).json()["events"]), 3)

    def test_a_new_token_that_allows_less_ends_subscriptions(self):
        opened = self.open(headers=self.bearer(self.token("eve", roles=["editor"])))
        opened.ask({"type": "subscribe", "topic": "news/today", "id": 1})
        opened.send_json({"type": "connect", "token": self.token("eve"), "id": 2})
        self.assertEqual(opened.read_json()["type"], "reply")
        self.assertEqual(opened.read_json()["code"], "permission_denied")
        self.post("news/today", self.token("ed", roles=["editor"]))
        self.assert_still_open(opened)

    def test_permissions_of_a_token_that_cannot_be_understood_refuse_it(self):
        for permissions in (["everything"], ["all a/**/b"], [1], {"all": "**"}, ["subscribe x"] * 65):
            self.assert_refused_token(self.get(text=self.token(permissions=permissions)))

    def test_an_array_of_which_one_topic_is_not_allowed_publishes_nothing(self):
        topic = "public/array"
        body = json.dumps([publication(topic, 1), publication("news/x", 2)]).encode()
        response = self.connect().request("POST", "/v1/events", [("Content-Type", "application/json")], body)
        self.assertEqual((response.status, response.error_code()), (403, "permission_denied"))
        self.assertEqual(self.get(topic).json()["events"], [])


class ProductionRules(TokenCase):
    """The built-in rules of production: nothing for nobody, and public topics for those who are known."""

    neighbour_kind = type("Nobody", (), {
        "__init__": lambda self, port: None, "leave": lambda self: None, "is_served": lambda self: None})

    @classmethod
    def options(cls, folder):
        return [*super().options(folder), "--production"]

    def test_the_known_may_use_public_topics_and_nobody_may_use_any(self):
        text = self.token(roles=["admin"])
        self.assertEqual(self.post("public/a", text).status, 200)
        self.assertEqual(self.get("public/a", text).status, 200)
        self.assertEqual(self.get("private/a", text).status, 403)
        self.assertEqual(self.post("private/a", text).status, 403)
        self.assertEqual(self.get("public/a").status, 401)
        with Connection(self.port) as connection:
            self.assertEqual(connection.request("GET", "/health").status, 200)
        opened = self.open(headers=self.bearer(text))
        answer = opened.ask({"type": "broadcast", "payload": 1, "id": 1})
        self.assertEqual(answer["code"], "permission_denied")
