# SPDX-License-Identifier: Apache-2.0
# SPDX-FileCopyrightText: Hibiki contributors
"""`hibiki publish`, `tail` and `bench` against a server that speaks TLS."""

import os
import subprocess

from support.case import ServerCase
from support.server import binary
from tls.authority import Authority, SecureServer

WAYS = ["ws", "sse", "longpoll", "poll"]


class Command(ServerCase):
    @classmethod
    def setUpClass(cls):
        cls.server = SecureServer().start()
        cls.faults = 0

    def hibiki(self, *words, authority=None, url=None, **environment):
        trust = ["--ca-file", authority] if authority else []
        return subprocess.run(
            [str(word) for word in (binary(), *words, "--url", url or self.server.url, *trust)],
            stdin=subprocess.DEVNULL, capture_output=True, text=True, timeout=60, env={**os.environ, **environment})

    @property
    def root(self):
        return self.server.authority.root

    def test_every_way(self):
        """what one publishes over TLS arrives over each transport over TLS"""
        published = self.hibiki("publish", self.topic, '{"n":1}', authority=self.root)
        self.assertEqual((published.returncode, published.stderr), (0, ""))
        for way in WAYS:
            with self.subTest(way):
                told = self.hibiki(
                    "tail", self.topic, "--since", "earliest", "--count", 1, "--via", way, authority=self.root)
                self.assertEqual(told.returncode, 0, told.stderr)
                self.assertIn('{"n":1}', told.stdout)

    def test_names(self):
        """an address by name and one in digits are both compared with the certificate"""
        named = self.hibiki(
            "publish", self.topic, "1", authority=self.root, url=f"wss://localhost:{self.server.port}")
        self.assertEqual((named.returncode, named.stderr), (0, ""))

    def test_environment(self):
        """the authority may be named in the environment"""
        done = self.hibiki("publish", self.topic, "1", HIBIKI_CA_FILE=str(self.root))
        self.assertEqual((done.returncode, done.stderr), (0, ""))

    def test_untrusted(self):
        """a server that nobody vouches for is not talked to, and the words say why"""
        stranger = Authority()
        self.addCleanup(stranger.close)
        for authority in (None, stranger.root):
            done = self.hibiki("publish", self.topic, "secret", authority=authority)
            self.assertNotEqual(done.returncode, 0)
            self.assertIn("nobody whom this client trusts has signed the server's certificate", done.stderr)
            self.assertIn("--ca-file", done.stderr)

    def test_no_certificates(self):
        """a file without certificates, or none, is told by its name"""
        empty = self.server.authority.folder / "empty.pem"
        empty.write_text("")
        for file in (empty, empty.with_name("missing.pem")):
            done = self.hibiki("publish", self.topic, "1", authority=file)
            self.assertNotEqual(done.returncode, 0)
            self.assertIn(str(file), done.stderr)

    def test_bench(self):
        """the benchmark speaks TLS too"""
        done = self.hibiki("bench", "fanout", "--subscribers", 5, "--seconds", 1, authority=self.root)
        self.assertEqual(done.returncode, 0, done.stderr)
