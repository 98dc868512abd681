# SPDX-License-Identifier: Apache-2.0
# SPDX-FileCopyrightText: Hibiki contributors
"""A server that nobody gave a key makes its own, and `hibiki token` makes tokens with it."""

from __future__ import annotations

import os
import stat
import subprocess

from support.rawclient import Connection
from support.server import Server, binary
from tokens.case import TokenCase, claims_of
from tokens.keys import KeyPair


class OwnKey(TokenCase):
    @classmethod
    def options(cls, folder):
        return []

    def make(self, *arguments, **environment) -> str:
        done = subprocess.run(
            [binary(), "token", *map(str, arguments)], env={**os.environ, **environment}, check=True, capture_output=True,
            text=True)
        return self.show(done.stdout.strip())

    @property
    def data(self):
        return self.folder.path / "data"

    def test_the_secret_is_kept_for_its_owner_alone_and_the_log_says_where(self):
        path = self.data / "token-secret"
        self.assertEqual(stat.S_IMODE(path.stat().st_mode), 0o600)
        log = self.server.log()
        self.assertIn(str(path), log)
        self.assertNotIn(path.read_text().strip(), log)

    def test_hibiki_token_makes_tokens_that_the_server_takes(self):
        text = self.make("--sub", "alice", "--roles", "admin,editor", "--ttl", "1h", "--data", self.data)
        self.assertEqual(self.get(text=text).status, 200)
        said = claims_of(text)
        self.assertEqual((said["sub"], said["roles"], said["exp"] - said["iat"]), ("alice", ["admin", "editor"], 3600))
        self.assertEqual(self.get(text=self.make("--sub", "bob", HIBIKI_DATA=str(self.data))).status, 200)

    def test_tokens_of_another_key_are_refused(self):
        text = self.make("--sub", "alice", "--data", self.folder.path / "elsewhere")
        self.assert_refused_token(self.get(text=text))

    def test_hibiki_token_signs_with_a_private_key_too(self):
        for name in ("RS256", "ES256", "EdDSA"):
            key = KeyPair(name, self.folder.path)
            text = self.make("--sub", "alice", "--private-key", key.private)
            self.assert_refused_token(self.get(text=text))
            with Server("--token-public-key", key.public) as other, Connection(other.port) as connection:
                response = connection.request("GET", "/v1/events?topic=public/a", self.bearer(text))
                self.assertEqual(response.status, 200, name)
