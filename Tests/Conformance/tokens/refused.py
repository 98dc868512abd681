# SPDX-License-Identifier: Apache-2.0
# SPDX-FileCopyrightText: Hibiki contributors
"""Tokens that are refused, on every way in, and that nobody else notices."""

from __future__ import annotations

import hashlib
import hmac
import json
import time

from support.rawclient import request_bytes
from support.rawsocketio import SocketClient
from support.rawwebsocket import upgrade_request
from support.rows import rows
from tokens.case import PUBLIC, TokenCase
from tokens.keys import KeyPair, Secret, b64, claims, part, sign

OTHER = Secret(b"another secret of thirty-two bytes or more")


def unsigned(header: dict, payload=None, signature: str = "") -> str:
    return f"{part(header)}.{part(payload or claims())}.{signature}"


# Made anew for each test, because some of them count time.
BAD = {
    "alg none without a signature": lambda: unsigned({"alg": "none"}),
    "alg none with the signature of another token": lambda: unsigned(
        {"alg": "none"}, signature=sign(Secret(), claims()).split(".")[2]),
    "alg nOnE": lambda: unsigned({"alg": "nOnE"}),
    "an empty alg": lambda: sign(Secret(), claims(), {"alg": ""}),
    "no alg": lambda: sign(Secret(), claims(), {"typ": "JWT"}),
    "an alg that is a list": lambda: sign(Secret(), claims(), {"alg": ["HS256"]}),
    "the signature of another secret": lambda: sign(OTHER, claims()),
    "no signature": lambda: sign(Secret(), claims()).rsplit(".", 1)[0] + ".",
    "half a signature": lambda: sign(Secret(), claims())[:-20],
    "a kid that is a path": lambda: sign(Secret(b""), claims(), {"alg": "HS256", "kid": "../../../../dev/null"}),
    "a kid that is a file of zeros": lambda: sign(Secret(bytes(32)), claims(), {"alg": "HS256", "kid": "/dev/zero"}),
    "a kid that is SQL": lambda: sign(
        Secret(b"x"), claims(), {"alg": "HS256", "kid": "x' UNION SELECT 'x' -- "}),
    "a kid of four kilobytes": lambda: sign(Secret(), claims(), {"alg": "HS256", "kid": "k" * 4096}),
    "a key of its own": lambda: sign(OTHER, claims(), {"alg": "HS256", "jwk": {"kty": "oct", "k": b64(OTHER.secret)}}),
    "an address for its key": lambda: sign(OTHER, claims(), {"alg": "HS256", "jku": "http://127.0.0.1:1/keys"}),
    "no exp": lambda: sign(Secret(), claims(exp=None)),
    "an exp that is a text": lambda: sign(Secret(), claims(exp="9999999999")),
    "an exp of 1e400": lambda: sign(Secret(), b'{"sub":"alice","exp":1e400}'),
    "an exp that is negative": lambda: sign(Secret(), claims(exp=-1)),
    "an nbf in the future": lambda: sign(Secret(), claims(nbf=int(time.time()) + 30)),
    "a wrong aud": lambda: sign(Secret(), claims(aud="somebody-else")),
    "a wrong iss": lambda: sign(Secret(), claims(aud="chat", iss="https://evil.example")),
    "crit": lambda: sign(Secret(), claims(), {"alg": "HS256", "crit": ["exp"]}),
    "crit with b64": lambda: sign(Secret(), claims(), {"alg": "HS256", "crit": ["b64"], "b64": False}),
    "the same claim twice": lambda: sign(
        Secret(), b'{"sub":"mallory","exp":%d,"sub":"alice"}' % (time.time() + 60)),
    "the same claim twice, once in Unicode escapes": lambda: sign(
        Secret(), b'{"sub":"mallory","exp":%d,"\\u0073ub":"alice"}' % (time.time() + 60)),
    "a header that says alg twice": lambda: sign(Secret(), claims(), b'{"alg":"HS256","alg":"none"}'),
    "no sub": lambda: sign(Secret(), claims(None)),
    "a sub that is a number": lambda: sign(Secret(), claims(sub=7)),
    "a sub of 256 bytes": lambda: sign(Secret(), claims("s" * 256)),
    "claims that are a list": lambda: sign(Secret(), b"[]"),
    "claims that are not UTF-8": lambda: sign(Secret(), b'{"sub":"\xff"}'),
    "claims nested two thousand deep": lambda: sign(
        Secret(), b'{"sub":"alice","exp":9999999999,"x":' + b"[" * 2000 + b"]" * 2000 + b"}"),
    "a hundred roles": lambda: sign(Secret(), claims(roles=[f"r{n}" for n in range(100)])),
    "padding": lambda: sign(Secret(), claims()) + "=",
    "two parts": lambda: "a.b",
    "five parts": lambda: "a.b.c.d.e",
    "nothing": lambda: "",
    "text": lambda: "let me in",
}


class RefusedTokens(TokenCase):
    @classmethod
    def options(cls, folder):
        return [*super().options(folder), "--token-audience", "chat", "--token-issuer", "https://login.example"]

    def test_the_token_that_all_of_these_were_made_from_is_taken(self):
        text = sign(Secret(), claims(aud=["web", "chat"], iss="https://login.example"))
        self.assertEqual(self.get(text=text).status, 200)

    @rows({f"{what} is refused wherever it stands, and quoted nowhere": make for what, make in BAD.items()})
    def bad(self, make) -> None:
        text = self.show(make())
        for response in (self.get(text=text), self.post(text=text), self.get(access_token=text)):
            self.assert_refused_token(response)
            if len(text) > 16:
                self.assertNotIn(text.encode(), response.body)
        status, _, response = self.upgrade_status(upgrade_request(self.host, extra=self.bearer(text)))
        self.assertEqual(status, 401)
        self.assert_refused_token(response)
        opened = self.open()
        answer = opened.ask({"type": "connect", "token": text, "id": 1})
        self.assertEqual((answer["type"], answer["code"]), ("error", "invalid_token"), answer)
        self.assert_still_open(opened)
        client = self.opened(SocketClient.websocket(self.port))
        client.send("0/v1," + json.dumps({"token": text}))
        refusal = client.message()
        self.assertEqual((refusal.type, refusal.data["data"]["code"]), ("4", "invalid_token"), refusal)

    def test_a_token_of_a_megabyte_is_refused_by_its_length_on_a_websocket_and_in_a_namespace(self):
        text = "a" * 60_000 + ".b.c"
        answer = self.open().ask({"type": "connect", "token": text, "id": 1})
        self.assertEqual(answer["code"], "invalid_token")
        self.assertIn("8192", answer["message"])
        client = self.opened(SocketClient.websocket(self.port))
        client.send("0/v1," + json.dumps({"token": "a" * 900_000}))
        self.assertIn("8192", client.message().data["message"])

    def test_a_token_of_a_megabyte_in_a_header_is_a_head_that_is_too_large(self):
        request = request_bytes("GET", f"/v1/events?topic={PUBLIC}", self.host, [("Authorization", "Bearer " + "a" * (1 << 20))])
        self.assert_refused(request, {431})

    def test_a_token_between_the_two_limits_is_refused_by_its_length(self):
        response = self.get(text="a" * 9_000 + ".b.c")
        self.assert_refused_token(response)
        self.assertIn("8192", response.json()["error"]["message"])

    def test_two_tokens_in_one_request_are_a_bad_request(self):
        text = sign(Secret(), claims(aud="chat", iss="https://login.example"))
        response = self.get(text=text, access_token=text)
        self.assertEqual((response.status, response.header("www-authenticate")), (400, 'Bearer error="invalid_request"'))

    def test_an_expired_token_has_a_code_of_its_own(self):
        text = sign(Secret(), claims(ttl=-30, aud="chat", iss="https://login.example"))
        self.assert_refused_token(self.get(text=text), "token_expired")

    def test_five_bad_tokens_on_one_websocket_are_enough(self):
        opened = self.open()
        for number in range(5):
            opened.send_json({"type": "connect", "token": "a.b.c", "id": number})
        self.assert_closes(opened, {4501})


class KeyConfusion(TokenCase):
    """A server with public keys, and tokens whose secret is what everybody knows of those."""

    @classmethod
    def options(cls, folder):
        cls.keys = [KeyPair(name, folder.path) for name in ("RS256", "ES256", "EdDSA")]
        return [option for key in cls.keys for option in ("--token-public-key", key.public)]

    def test_each_kind_of_key_takes_its_own_tokens(self):
        for key in self.keys:
            self.assertEqual(self.get(text=self.token(key=key)).status, 200, key.algorithm)

    def test_hs256_with_a_public_key_as_its_secret_is_refused(self):
        for key in self.keys:
            pem = key.public.read_bytes()
            for secret in (pem, pem.strip(), pem.replace(b"\n", b""), b"".join(pem.split(b"\n")[1:-2])):
                self.assert_refused_token(self.get(text=sign(Secret(secret), claims())))

    def test_a_token_that_names_another_algorithm_than_that_of_its_key_is_refused(self):
        for key in self.keys:
            for name in {"RS256", "RS384", "PS256", "ES256", "ES384", "EdDSA", "HS256", "none"} - {key.algorithm}:
                self.assert_refused_token(self.get(text=sign(key, claims(), {"alg": name})))

    def test_an_ecdsa_signature_of_zeros_is_refused(self):
        signed = f"{part({'alg': 'ES256'})}.{part(claims())}"
        for signature in (bytes(64), bytes(63) + b"\x01", b"", bytes(72), b"\x30\x06\x02\x01\x00\x02\x01\x00"):
            self.assert_refused_token(self.get(text=f"{signed}.{b64(signature)}"))

    def test_another_key_of_the_same_kind_is_refused(self):
        for key in self.keys:
            other = KeyPair(key.algorithm, self.folder.path)
            self.assert_refused_token(self.get(text=sign(other, claims())))

    def test_an_hmac_of_the_right_length_is_no_signature(self):
        signed = f"{part({'alg': 'EdDSA'})}.{part(claims())}"
        forged = hmac.digest(b"x", signed.encode(), hashlib.sha512)
        self.assert_refused_token(self.get(text=f"{signed}.{b64(forged)}"))
