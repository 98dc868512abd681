# SPDX-License-Identifier: Apache-2.0
# SPDX-FileCopyrightText: Hibiki contributors
"""A server with the budgets of a test, and the other ones off."""

from __future__ import annotations

import json
import re
import time
import urllib.request

from support.case import ServerCase
from support.rawclient import Connection, Response
from support.rawevents import publication
from support.rawwebsocket import WebSocket

BUDGETS = [
    *(f"{kind}-per-{scope}" for kind in ("messages", "bytes", "joins")
      for scope in ("principal", "connection", "address")),
    "connects-per-principal", "connects-per-address", "connects", "failed-tokens-per-address",
    "refusals-per-connection",
]


def few(count: int) -> str:
    """A budget that does not fill while a test runs."""
    return f"1/h burst {count}"


def flags(**budgets: str) -> list[str]:
    """The flags of these budgets, named with underscores, and of no others."""
    given = {name.replace("_", "-"): text for name, text in budgets.items()}
    assert given.keys() <= set(BUDGETS), given
    return ["--budgets", *(part for name in BUDGETS for part in (f"--{name}", given.get(name, "off")))]


def rest(milliseconds: int) -> None:
    """Waits as long as the server has asked for."""
    time.sleep(milliseconds / 1_000)


class BudgetCase(ServerCase):
    budgets: "dict[str, str]" = {}
    more: tuple = ()

    @classmethod
    def setUpClass(cls) -> None:
        cls.arguments = (*flags(**cls.budgets), *cls.more)
        super().setUpClass()

    def opened(self, thing):
        self.addCleanup(thing.close)
        return thing

    def connect(self, source=None) -> Connection:
        return self.opened(Connection(self.server.port, source=source))

    def websocket(self, source=None, headers=()) -> WebSocket:
        socket = WebSocket.open(self.server.port, source=source, headers=headers)
        self.addCleanup(socket.connection.close)
        return socket

    def post(self, connection: Connection, body=None, headers=()) -> Response:
        body = publication(self.topic, 1) if body is None else body
        return connection.request(
            "POST", "/v1/events", [("Content-Type", "application/json"), *headers], json.dumps(body).encode())

    def refused(self, limit: str) -> int:
        """How often the server says that a budget was spent."""
        with urllib.request.urlopen(self.server.url + "/metrics", timeout=10) as answer:
            found = re.search(rf'^hibiki_refusals_total{{limit="{limit}"}} (\d+)', answer.read().decode(), re.MULTILINE)
        return int(found.group(1))

    def assert_limited(self, error: dict) -> int:
        """Checks what an error says, and gives the milliseconds."""
        self.assertEqual((error["code"], error["retry"]), ("rate_limited", True), error)
        self.assertTrue(error["message"])
        self.assertGreater(error["retryAfter"], 0)
        return error["retryAfter"]

    def assert_limited_answer(self, response: Response, name: str) -> int:
        """The same for an answer over HTTP, with its fields; gives the milliseconds."""
        self.assertEqual(response.status, 429, response.body)
        time_left = self.assert_limited(response.json()["error"])
        self.assertEqual(int(response.header("retry-after")), -(-time_left // 1_000))
        policy = re.fullmatch(r'"([a-z-]+)";q=(\d+);w=(\d+)(;qu="content-bytes")?', response.header("ratelimit-policy"))
        state = re.fullmatch(r'"([a-z-]+)";r=0;t=(\d+)', response.header("ratelimit"))
        self.assertEqual((policy.group(1), state.group(1)), (name, name))
        self.assertEqual(policy.group(4) is not None, name.startswith("bytes-"))
        return time_left
