# SPDX-License-Identifier: Apache-2.0
# SPDX-FileCopyrightText: Hibiki contributors
"""A server that takes tokens, with a neighbour that goes on to be served."""

from __future__ import annotations

import base64
import json
from typing import Optional

from attacks.case import AttackCase
from support.rawclient import Response
from support.rawevents import publication, target
from tokens.keys import Folder, token

PUBLIC = "public/tokens"


class TokenCase(AttackCase):
    """Started with a secret, and with what `options` gives. The log is searched for tokens at the end."""

    shown: "set[str]" = set()

    @classmethod
    def options(cls, folder: Folder) -> list:
        return ["--token-secret-file", folder.secret()]

    @classmethod
    def setUpClass(cls) -> None:
        cls.folder = Folder()
        cls.shown = set()
        cls.flags = (*cls.options(cls.folder), "--data", cls.folder.path / "data", "--log-level", "trace")
        super().setUpClass()

    @classmethod
    def tearDownClass(cls) -> None:
        log = cls.server.log()
        super().tearDownClass()
        cls.folder.close()
        for text in cls.shown:
            # The signature makes a token worth something; its other parts may be the same in a token that nobody has seen.
            for piece in (text, text.rsplit(".", 1)[-1]):
                if len(piece) > 16 and piece in log:
                    raise AssertionError(f"a token stands in the log: {piece[:12]}…")

    def show(self, text: str) -> str:
        type(self).shown.add(text)
        return text

    def token(self, *arguments, **options) -> str:
        return self.show(token(*arguments, **options))

    def bearer(self, text: str) -> "list[tuple[str, str]]":
        return [("Authorization", f"Bearer {self.show(text)}")]

    def get(self, topic: str = PUBLIC, text: Optional[str] = None, headers=(), **parameters) -> Response:
        headers = [*headers, *(self.bearer(text) if text is not None else [])]
        return self.connect().request("GET", target([topic], **parameters), headers)

    def post(self, topic: str = PUBLIC, text: Optional[str] = None, headers=()) -> Response:
        headers = [*headers, ("Content-Type", "application/json"), *(self.bearer(text) if text is not None else [])]
        return self.connect().request("POST", "/v1/events", headers, json.dumps(publication(topic, 1)).encode())

    def assert_refused_token(self, response: Response, code: str = "invalid_token") -> None:
        self.assertEqual((response.status, response.error_code()), (401, code), response.body)
        self.assertTrue((response.header("www-authenticate") or "").startswith('Bearer error="invalid_token"'))
        self.assertTrue(response.json()["error"]["message"])


def claims_of(text: str) -> dict:
    body = text.split(".")[1]
    return json.loads(base64.urlsafe_b64decode(body + "=" * (-len(body) % 4)))
