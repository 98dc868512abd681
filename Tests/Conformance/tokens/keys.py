# SPDX-License-Identifier: Apache-2.0
# SPDX-FileCopyrightText: Hibiki contributors
"""Keys made with openssl, and tokens signed with them."""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
import pathlib
import subprocess
import tempfile
import time
from typing import Optional

SECRET = b"a secret of thirty-two bytes or more, for tests"
NEVER = object()


def b64(data: bytes) -> str:
    return base64.urlsafe_b64encode(data).rstrip(b"=").decode()


def part(value) -> str:
    return b64(value if isinstance(value, bytes) else json.dumps(value, separators=(",", ":")).encode())


def openssl(*arguments, data: bytes = b"") -> bytes:
    return subprocess.run(["openssl", *map(str, arguments)], input=data, check=True, capture_output=True).stdout


def raw_ecdsa(der: bytes, size: int) -> bytes:
    """The two numbers of a DER signature (RFC 3279 §2.2.3), as JWS wants them (RFC 7518 §3.4)."""
    position, numbers = 2, []
    for _ in range(2):
        length = der[position + 1]
        numbers.append(int.from_bytes(der[position + 2:position + 2 + length], "big"))
        position += 2 + length
    return b"".join(number.to_bytes(size, "big") for number in numbers)


class Secret:
    """A secret, for HS256."""

    algorithm = "HS256"

    def __init__(self, secret: bytes = SECRET):
        self.secret = secret

    def sign(self, data: bytes) -> bytes:
        return hmac.digest(self.secret, data, hashlib.sha256)


class KeyPair:
    """A key pair of openssl; `algorithm` is RS256, ES256 or EdDSA."""

    OPTIONS = {
        "RS256": ["-algorithm", "RSA", "-pkeyopt", "rsa_keygen_bits:2048"],
        "ES256": ["-algorithm", "EC", "-pkeyopt", "ec_paramgen_curve:P-256"],
        "EdDSA": ["-algorithm", "ED25519"],
    }

    def __init__(self, algorithm: str, folder: pathlib.Path):
        self.algorithm = algorithm
        self.private = folder / f"{algorithm}-{time.monotonic_ns()}.pem"
        self.public = self.private.with_suffix(".pub")
        openssl("genpkey", *self.OPTIONS[algorithm], "-out", self.private)
        openssl("pkey", "-in", self.private, "-pubout", "-out", self.public)

    def sign(self, data: bytes) -> bytes:
        if self.algorithm == "EdDSA":
            with tempfile.NamedTemporaryFile() as file:
                file.write(data)
                file.flush()
                return openssl("pkeyutl", "-sign", "-rawin", "-inkey", self.private, "-in", file.name)
        signature = openssl("dgst", "-sha256", "-sign", self.private, data=data)
        return raw_ecdsa(signature, 32) if self.algorithm == "ES256" else signature

    def jwk(self, kid: str) -> dict:
        der = openssl("pkey", "-in", self.private, "-pubout", "-outform", "DER")
        if self.algorithm == "EdDSA":
            return {"kty": "OKP", "crv": "Ed25519", "x": b64(der[-32:]), "kid": kid, "use": "sig"}
        if self.algorithm == "ES256":
            return {"kty": "EC", "crv": "P-256", "x": b64(der[-64:-32]), "y": b64(der[-32:]), "kid": kid}
        modulus = openssl("rsa", "-in", self.private, "-noout", "-modulus").decode().strip().split("=")[1]
        return {"kty": "RSA", "n": b64(bytes.fromhex(modulus)), "e": "AQAB", "kid": kid, "alg": "RS256"}


def claims(sub: Optional[str] = "alice", ttl: float = 60, **more) -> dict:
    """The claims of a good token; what is `None` is left out."""
    every = {"sub": sub, "exp": int(time.time() + ttl), **more}
    return {name: value for name, value in every.items() if value is not None}


def sign(key, payload, header: Optional[dict] = None) -> str:
    """A token; `payload` is claims, or bytes that stand in their place."""
    header = {"alg": key.algorithm, "typ": "JWT"} if header is None else header
    signed = f"{part(header)}.{part(payload)}"
    return f"{signed}.{b64(key.sign(signed.encode()))}"


def token(sub: str = "alice", ttl: float = 60, key=None, **more) -> str:
    return sign(key or Secret(), claims(sub, ttl, **more))


class Folder:
    """A folder for the files of a class of tests."""

    def __init__(self):
        self.directory = tempfile.TemporaryDirectory(prefix="hibiki-keys-")
        self.path = pathlib.Path(self.directory.name)

    def secret(self, secret: bytes = SECRET) -> pathlib.Path:
        path = self.path / "secret"
        path.write_bytes(secret + b"\n")
        return path

    def close(self) -> None:
        self.directory.cleanup()
