# SPDX-License-Identifier: Apache-2.0
# SPDX-FileCopyrightText: Hibiki contributors
"""Those who show a token."""

from __future__ import annotations

from budgets.case import BudgetCase, few
from support.rawsocketio import SocketClient
from support.rawwebsocket import Refused
from tokens.keys import Folder, token


class TokenBudgets(BudgetCase):
    @classmethod
    def setUpClass(cls) -> None:
        cls.folder = Folder()
        cls.more = ("--token-secret-file", cls.folder.secret(), *cls.settings)
        super().setUpClass()

    @classmethod
    def tearDownClass(cls) -> None:
        super().tearDownClass()
        cls.folder.close()

    settings: tuple = ()

    @staticmethod
    def bearer(name: str, **claims):
        return [("Authorization", f"Bearer {token(sub=name, **claims)}")]


class Principals(TokenBudgets):
    budgets = {"messages_per_principal": few(6), "connects_per_principal": few(4)}

    def test_two_connections_of_one_principal_share_what_it_has_on_every_transport(self):
        alice = self.bearer("alice")
        one, other = self.websocket(headers=alice), self.websocket(headers=alice, source="127.0.0.2")
        ping = {"type": "ping", "id": 1}
        kinds = [socket.ask(ping)["type"] for socket in (one, other, one, other)]
        self.assertEqual(kinds, ["reply"] * 4)
        statuses = [self.post(self.connect(), headers=alice).status for _ in range(3)]
        self.assertEqual(statuses, [200, 200, 429])
        self.assert_limited_answer(self.post(self.connect(), headers=alice), "messages-per-principal")
        self.assertEqual([socket.ask(ping)["code"] for socket in (one, other)], ["rate_limited"] * 2)
        # Nobody else is any poorer, not even from the same address.
        self.assertEqual(self.websocket(headers=self.bearer("bob")).ask(ping)["type"], "reply")
        self.assertEqual(self.websocket().ask(ping)["type"], "reply")
        self.assertEqual(self.post(self.connect()).status, 200)

    def test_what_is_spent_stays_spent_when_a_principal_goes_and_comes_back(self):
        ping = {"type": "ping", "id": 1}
        kinds = []
        for _ in range(2):
            socket = self.websocket(headers=self.bearer("carol"))
            kinds += [socket.ask(ping)["type"] for _ in range(5)]
            socket.connection.close()
        self.assertEqual(kinds, ["reply"] * 6 + ["error"] * 4)

    def test_sessions_of_a_principal_are_counted(self):
        dave = self.bearer("dave")
        for _ in range(3):
            self.websocket(headers=dave)
        shown = self.websocket()
        self.assertEqual(shown.ask({"type": "connect", "token": token(sub="dave"), "id": 1})["type"], "reply")
        with self.assertRaises(Refused) as refused:
            self.websocket(headers=dave)
        self.assert_limited_answer(refused.exception.response, "connects-per-principal")
        another = self.websocket()
        answer = another.ask({"type": "connect", "token": token(sub="dave"), "id": 1})
        self.assert_limited(answer)
        # It is still nobody, and may become somebody else.
        self.assertEqual(another.ask({"type": "connect", "token": token(sub="erin"), "id": 2})["principal"], "erin")
        # A token in place of another is no new session.
        self.assertEqual(shown.ask({"type": "connect", "token": token(sub="dave"), "id": 2})["type"], "reply")

    def test_socket_io_shares_it_too(self):
        client = self.opened(SocketClient.websocket(self.server.port))
        client.connect("/v1", {"token": token(sub="frank")})
        publish = ("publish", self.topic, "message", 1)
        kinds = [list(client.ask(*publish, namespace="/v1")[0])[0] for _ in range(4)]
        self.assertEqual(kinds, ["position"] * 4)
        headers = self.bearer("frank")
        self.assertEqual([self.post(self.connect(), headers=headers).status for _ in range(3)], [200, 200, 429])
        answer = client.ask(*publish, namespace="/v1")[0]
        self.assert_limited({"message": answer["error"]["message"], **answer["error"]["data"]})


class Unlimited(TokenBudgets):
    budgets = {
        "messages_per_principal": few(2), "messages_per_connection": few(2), "messages_per_address": few(50),
    }
    settings = ("--unlimited", "role:backend", "--unlimited", "user:root")

    def test_who_is_trusted_has_no_budgets_on_any_transport(self):
        for headers in (self.bearer("api", roles=["backend"]), self.bearer("root")):
            socket, connection = self.websocket(headers=headers), self.connect()
            for number in range(60):
                answer = socket.ask({"type": "publish", "topic": self.topic, "payload": number, "id": number})
                self.assertEqual(answer["type"], "reply")
                self.assertEqual(self.post(connection, headers=headers).status, 200)
        client = self.opened(SocketClient.websocket(self.server.port))
        client.connect("/v1", {"token": token(sub="root")})
        for _ in range(60):
            self.assertIn("position", client.ask("publish", self.topic, "message", 1, namespace="/v1")[0])

    def test_nobody_else_is(self):
        socket = self.websocket(headers=self.bearer("backend", roles=["root"]))
        kinds = [socket.ask({"type": "ping", "id": 1})["type"] for _ in range(3)]
        self.assertEqual(kinds, ["reply", "reply", "error"])
