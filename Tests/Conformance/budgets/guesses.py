# SPDX-License-Identifier: Apache-2.0
# SPDX-FileCopyrightText: Hibiki contributors
"""Tokens that are no good."""

from __future__ import annotations

import time

from budgets.case import few, rest
from budgets.principals import TokenBudgets
from support.rawsocketio import CONNECT_ERROR, SocketClient
from support.rawwebsocket import Refused
from tokens.keys import token

BAD = "eyJhbGciOiJIUzI1NiJ9.e30.AAAA"


class Guesses(TokenBudgets):
    budgets = {"failed_tokens_per_address": "2/s burst 6"}

    def test_an_address_that_guesses_is_not_listened_to_for_a_while_and_others_are(self):
        bad, good = [("Authorization", f"Bearer {BAD}")], self.bearer("alice")
        statuses = [self.post(self.connect(source="127.0.0.5"), headers=bad).status for _ in range(30)]
        self.assertEqual(statuses[:6], [401] * 6)
        self.assertIn(429, statuses)
        name = "failed-tokens-per-address"
        while (response := self.post(self.connect(source="127.0.0.5"), headers=bad)).status == 401:
            pass
        self.assert_limited_answer(response, name)
        self.assert_limited_answer(
            self.connect(source="127.0.0.5").request("GET", "/v1/events?topic=public/a", bad), name)
        with self.assertRaises(Refused) as refused:
            self.websocket(source="127.0.0.5", headers=bad)
        time_left = self.assert_limited_answer(refused.exception.response, name)
        # Whoever shows none is not meant, nor is somebody who shows a good one elsewhere.
        self.assertEqual(self.post(self.connect(source="127.0.0.5")).status, 200)
        self.assertEqual(self.post(self.connect(source="127.0.0.6"), headers=good).status, 200)
        rest(time_left)
        self.assertEqual(self.post(self.connect(source="127.0.0.5"), headers=good).status, 200)

    def test_websockets_and_socket_io_count_for_the_same(self):
        codes, number = [], 0
        while "rate_limited" not in codes and number < 30:
            number += 1
            socket = self.websocket()
            codes.append(socket.ask({"type": "connect", "token": BAD, "id": 1})["code"])
            socket.connection.close()
            client = SocketClient.websocket(self.server.port)
            client.send('0/v1,{"token":"%s"}' % BAD)
            message = client.message()
            self.assertEqual(message.type, CONNECT_ERROR)
            codes.append(message.data["data"]["code"])
            client.close()
        self.assertGreaterEqual(codes.index("rate_limited"), 6)

    def test_a_token_that_has_run_out_is_no_guess(self):
        old = [("Authorization", f"Bearer {token(exp=int(time.time()) - 1_000)}")]
        for _ in range(20):
            self.assertEqual(self.post(self.connect(source="127.0.0.7"), headers=old).status, 401)
        self.assertEqual(
            self.post(self.connect(source="127.0.0.7"), headers=self.bearer("alice")).status, 200)
