# SPDX-License-Identifier: Apache-2.0
# SPDX-FileCopyrightText: Hibiki contributors
"""Thousands of tokens that are nearly good, or nothing at all: each is refused, none is a fault of the server."""

from __future__ import annotations

import contextlib
import json
import random
from urllib.parse import quote

from support.rawclient import Connection, Response, request_bytes
from support.rawevents import publication, target
from support.rawsocketio import SocketClient
from support.rawwebsocket import upgrade_request
from support.rows import rows
from tokens.case import PUBLIC, TokenCase
from tokens.keys import Secret, b64, claims, part, sign

SEED = 20260
COUNT = 6_000
ALPHABET = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_"
ODD = [None, True, -1, 0, 1.5, 1e300, "", "x", "\u0000", "\u202e", [], [[]], {}, {"a": []}, ["a", 1], "9" * 40, 2**63, -2**63]
# What would end a field or a request line, and what no field may hold, becomes something else.
UNSAFE = {number: "~" for number in [*range(0x21), 0x7F]}
SCHEMES = ["bearer ", "BEARER  ", "Bearer\t", "Bearer", "Basic ", "Bearer Bearer ", "", "Bearer ,"]
PLACES = [
    "the query of a poll", "the query of a poll, written as it is", "the query of a publication", "a cookie",
    "the field of a publication", "a field with a scheme of any spelling", "the handshake of a websocket",
    "the address of a websocket",
]
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
    @classmethod
    def options(cls, folder):
        return [*super().options(folder), "--token-cookie", "session"]

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

    def ask(self, connection: Connection, request: bytes) -> "tuple[Response, Connection]":
        """The answer, and a connection for the next request."""
        connection.send(request)
        response = connection.read_response()
        if response.status == 101 or (response.header("connection") or "").lower() == "close":
            connection.close()
            connection = self.opened(Connection(self.port, timeout=20))
        return response, connection

    def request(self, place: str, text: str) -> bytes:
        """A request with a token at one of the places where one may stand."""
        own = ("Origin", f"http://{self.host}")
        body = json.dumps(publication(PUBLIC, 1)).encode()
        read = target([PUBLIC])
        return {
            "the query of a poll": lambda: request_bytes("GET", f"{read}&access_token={quote(text)}", self.host),
            "the query of a poll, written as it is": lambda: request_bytes(
                "GET", f"{read}&access_token={text.translate(UNSAFE)}", self.host),
            "the query of a publication": lambda: request_bytes(
                "POST", f"/v1/events?access_token={quote(text)}", self.host, [("Content-Type", "application/json")],
                body),
            "a cookie": lambda: request_bytes(
                "GET", read, self.host, [("Cookie", f"a=b; session={text.translate(UNSAFE)}; c"), own]),
            "the field of a publication": lambda: request_bytes(
                "POST", "/v1/events", self.host,
                [("Content-Type", "application/json"), ("Authorization", f"Bearer {text.translate(UNSAFE)}")], body),
            "a field with a scheme of any spelling": lambda: request_bytes(
                "GET", read, self.host,
                [("Authorization", SCHEMES[len(text) % len(SCHEMES)] + text.translate(UNSAFE))]),
            "the handshake of a websocket": lambda: upgrade_request(
                self.host, extra=[("Authorization", f"Bearer {text.translate(UNSAFE)}")]),
            "the address of a websocket": lambda: upgrade_request(self.host, target=f"/ws?access_token={quote(text)}"),
        }[place]()

    @rows({f"a thousand malformed tokens in {place} are answered, and never with 500": (number, place)
           for number, place in enumerate(PLACES)})
    def place(self, number: int, place: str) -> None:
        mutator = Mutator(SEED + 10 + number)
        connection = self.connect(timeout=20)
        seen = set()
        for _ in range(1_000):
            text = mutator.next()
            response, connection = self.ask(connection, self.request(place, text))
            self.assertIn(response.status, (101, 200, 400, 401, 403), (text, response.body))
            seen.add(response.status)
        self.assertTrue(seen & {101, 200} and 401 in seen, f"nothing was reached: {seen}")

    def test_a_thousand_malformed_tokens_in_what_a_namespace_is_told_are_answered(self):
        mutator = Mutator(SEED + 30)
        client, left, seen = None, 0, set()
        for _ in range(1_000):
            if not left:
                if client is not None:
                    client.close()
                client, left = self.opened(SocketClient.websocket(self.port)), 4
            left -= 1
            token = mutator.random.choice([mutator.next, mutator.next, lambda: mutator.random.choice(ODD)])()
            client.send("0/v1," + json.dumps({"token": token}))
            answer = client.message()
            self.assertIn(answer.type, ("0", "4"), answer)
            seen.add(answer.type)
            if answer.type == "0":
                left = 0
        self.assertEqual(seen, {"0", "4"})

    def test_hundreds_of_malformed_tokens_in_the_address_of_socket_io_are_answered(self):
        mutator = Mutator(SEED + 31)
        for number in range(400):
            parameters = {"token" if number % 4 < 2 else "access_token": mutator.next()}
            client = (
                SocketClient.polling(self.port, **parameters) if number % 2
                else SocketClient.websocket(self.port, parameters=parameters))
            with contextlib.closing(client):
                client.send("0/v1,")
                self.assertIn(client.message().type, ("0", "4"))

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
