# SPDX-License-Identifier: Apache-2.0
# SPDX-FileCopyrightText: Hibiki contributors
"""The web clients' tokens, against this server, in Node."""

from __future__ import annotations

import os
import subprocess

from support.server import ROOT
from tokens.case import TokenCase


class WebClients(TokenCase):
    @classmethod
    def options(cls, folder):
        rules = ["--permission", "users all users/{id}/**", "--permission", "anyone all public/**"]
        return [*super().options(folder), "--token-refresh", "2", *rules]

    def test_the_web_clients_replace_their_tokens_on_every_transport(self):
        tokens = [self.token(sub="alice", ttl=4), self.token(sub="alice", ttl=600)]
        done = subprocess.run(
            ["node", "-r", "./Tests/Conformance/clients/globals.cjs", "--test", "Web/test/live-tokens.test.js"],
            cwd=ROOT, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True,
            timeout=120, env={
                **os.environ, "HIBIKI_URL": self.server.url, "HIBIKI_TOPIC": "users/alice",
                "HIBIKI_TOKENS": " ".join(tokens)})
        self.assertEqual(done.returncode, 0, "\n" + done.stdout)
        self.assertRegex(done.stdout, r"(?m)^\S pass 2$")
        self.assertRegex(done.stdout, r"(?m)^\S skipped 0$")
