# SPDX-License-Identifier: Apache-2.0
# SPDX-FileCopyrightText: Hibiki contributors
"""Thousands of tokens that are nearly good, or nothing at all: each is refused, none is a fault of the server."""

from __future__ import annotations

import json
import random

from support.rawclient import Connection, request_bytes
from support.rawevents import target
from tokens.case import PUBLIC, TokenCase
from tokens.keys import Secret, b64, claims, part, sign

SEED = 20260
COUNT = 6_000
ALPHABET = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_"
ODD = [None, True, -1, 0, 1.5, 1e300, "", "x", "\u0000", "\u202e", [], [[]], {}, {"a": []}, ["a", 1], "9" * 40, 2**63, -2**63]
NAMES = ["sub", "exp", "nbf", "iat", "aud", "iss", "roles", "permissions", "jti", "alg", "kid", "crit", "typ"]


class Mutator:
    """Makes one token after the other from a seed. Most are signed well, so that what is behind the signature is reached."""

    def __init__(self, seed: int):
        self.random = random.Random(seed)

    def next(self) -> str:
        return self.random.choice([self.bytes, self.cut, self.odd_claims, self.odd_header, self.odd_json, self.noise])()

    def bytes(self) -> str:
        text = list(sign(Secret(), claims()))
        for _ in range(self.random.randint(1, 4)):
            text[self.random.randrange(len(text))] = self.random.choice(ALPHABET + ".=+/ %")
        return "".join(text)

    def cut(self) -> str:
        text = sign(Secret(), claims())
        start, end = sorted(self.random.randrange(len(text) + 1) for _ in range(2))
        return self.random.choice([text[start:end], text[:start] + text[end:], text + text[start:end], "." * start])

    def odd_claims(self) -> str:
        said = claims()
        for _ in range(self.random.randint(1, 3)):
            said[self.random.choice(NAMES)] = self.random.choice(ODD)
        return sign(Secret(), said)

    def odd_header(self) -> str:
        header = {"alg": "HS256", "typ": "JWT"}
        for _ in range(self.random.randint(1, 2)):
            header[self.random.choice(NAMES)] = self.random.choice(ODD)
        return sign(Secret(), claims(), header)

    def odd_json(self) -> str:
        text = bytearray(json.dumps(claims()).encode())
        for _ in range(self.random.randint(1, 4)):
            text[self.random.randrange(len(text))] = self.random.randrange(256)
        signed = f"{part({'alg': 'HS256'})}.{b64(bytes(text))}"
        return f"{signed}.{b64(Secret().sign(signed.encode()))}"

    def noise(self) -> str:
        return "".join(chr(self.random.randrange(0x21, 0x7F)) for _ in range(self.random.randint(0, 400)))


class Mutations(TokenCase):
    def test_thousands_of_malformed_tokens_over_http_are_answered_and_never_with_500(self):
        mutator = Mutator(SEED)
        seen = set()
        connection = self.connect(timeout=20)
        for number in range(COUNT):
            text = mutator.next()
            connection.send(request_bytes(
                "GET", target([PUBLIC]), self.host, [("Authorization", f"Bearer {text}")]))
            response = connection.read_response()
            self.assertIn(response.status, (200, 400, 401), (number, text, response.body))
            if response.status == 401:
                self.assertIn(response.error_code(), ("invalid_token", "token_expired"))
                self.assertNotIn(text.encode() if len(text) > 40 else b"\xff", response.body)
            seen.add(response.status)
            if (response.header("connection") or "").lower() == "close":
                connection.close()
                connection = Connection(self.port, timeout=20)
        self.assertTrue({200, 401} <= seen, f"nothing was reached: {seen}")
        self.assert_neighbour_served()

    def test_thousands_of_malformed_tokens_over_websockets_are_answered(self):
        mutator = Mutator(SEED + 1)
        opened, left = self.open(), 4
        for number in range(COUNT // 3):
            answer = opened.ask({"type": "connect", "token": mutator.next(), "id": number})
            if answer["type"] == "reply":
                continue
            self.assertIn(answer["code"], ("invalid_token", "token_expired"), number)
            left -= 1
            if left == 0:
                opened.connection.close()
                opened, left = self.open(), 4
        self.assert_neighbour_served()
