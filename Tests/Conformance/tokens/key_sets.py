# SPDX-License-Identifier: Apache-2.0
# SPDX-FileCopyrightText: Hibiki contributors
"""Keys that are published somewhere else: fetched, changed, gone, and not fetched because somebody invents names."""

from __future__ import annotations

import concurrent.futures
import http.server
import json
import threading

from tokens.case import TokenCase
from tokens.keys import KeyPair, claims, part, sign


class KeySetServer:
    """Publishes what stands in `keys`, and counts who asks."""

    def __init__(self):
        self.keys: list = []
        self.requests = 0
        publisher = self

        class Handler(http.server.BaseHTTPRequestHandler):
            def do_GET(self):
                publisher.requests += 1
                body = json.dumps({"keys": publisher.keys}).encode()
                self.send_response(200)
                self.send_header("Content-Length", str(len(body)))
                self.end_headers()
                self.wfile.write(body)

            def log_message(self, *_):
                pass

        self.server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.url = f"http://127.0.0.1:{self.server.server_address[1]}/keys"
        threading.Thread(target=self.server.serve_forever, daemon=True).start()

    def close(self):
        self.server.shutdown()
        self.server.server_close()


class KeySets(TokenCase):
    @classmethod
    def options(cls, folder):
        cls.publisher = KeySetServer()
        cls.keys = {name: KeyPair(name, folder.path) for name in ("RS256", "ES256", "EdDSA")}
        encryption = {**KeyPair("RS256", folder.path).jwk("encryption"), "use": "enc", "alg": "RSA-OAEP-256"}
        symmetric = {"kty": "oct", "kid": "symmetric", "k": "c2VjcmV0LXNlY3JldC1zZWNyZXQtc2VjcmV0LXNlY3JldC0"}
        cls.publisher.keys = [encryption, symmetric] + [key.jwk(name) for name, key in cls.keys.items()]
        return ["--token-jwks-url", cls.publisher.url]

    @classmethod
    def tearDownClass(cls):
        super().tearDownClass()
        cls.publisher.close()

    def named(self, name: str, kid: str) -> str:
        return self.show(sign(self.keys[name], claims(), {"alg": name, "kid": kid}))

    def test_each_kind_of_key_takes_its_own_tokens_and_no_others(self):
        for name in self.keys:
            self.assertEqual(self.get(text=self.named(name, name)).status, 200, name)
            self.assertEqual(self.get(text=self.show(sign(self.keys[name], claims()))).status, 200, name)
            self.assert_refused_token(self.get(text=self.named(name, "encryption")))
            self.assert_refused_token(self.get(text=self.named(name, "symmetric")))

    def test_a_thousand_invented_names_at_the_same_time_fetch_the_keys_once_at_most(self):
        self.get(text=self.named("EdDSA", "EdDSA"))
        before = self.publisher.requests
        texts = [self.named("EdDSA", "EdDSA")] + [
            f"{header(number)}.e30.AAAA" for number in range(1_000)]
        with concurrent.futures.ThreadPoolExecutor(32) as pool:
            statuses = list(pool.map(lambda text: self.get(text=text).status, texts))
        self.assertEqual(statuses, [200] + [401] * 1_000)
        self.assertLessEqual(self.publisher.requests - before, 1)


def header(number: int) -> str:
    return part({"alg": "EdDSA", "kid": f"invented-{number}"})
