# SPDX-License-Identifier: Apache-2.0
# SPDX-FileCopyrightText: Hibiki contributors
"""How long a wrong signature takes says nothing about the right one: counted in instructions, which no other process disturbs."""

from __future__ import annotations

import hmac
import pathlib
import re
import shutil
import subprocess
import unittest

from support.rawclient import Connection
from support.server import Server, binary
from tokens.keys import SECRET, Folder, b64, token

REQUESTS = 20
#: What compares secrets, by the names that the cryptographic library has for it.
COMPARISONS = re.compile(r"(constantTimeCompare|[sS]afeCompare|isValidAuthenticationCode)")
COUNT = re.compile(r"^ *([0-9,]+) \(.*?\) +\S*?:(\S+)")


class Counted(Server):
    """The server under callgrind, which counts the instructions of each function."""

    def __init__(self, folder: pathlib.Path, *arguments):
        # valgrind does not know the newest kinds of debug information.
        copy = folder / "hibiki"
        subprocess.run(["strip", "--strip-debug", "-o", copy, binary()], check=True)
        self.counts = folder / "counts"
        super().__init__(
            *arguments, start_timeout=120, stop_timeout=60, environment={"SWIFT_DETERMINISTIC_HASHING": "1"},
            command=["valgrind", "--tool=callgrind", f"--callgrind-out-file={self.counts}", "--instr-atstart=no",
                     copy, "serve", "--host", "127.0.0.1", "--port", "0"])

    def control(self, *arguments: str) -> None:
        subprocess.run(["callgrind_control", *arguments, str(self.pid)], check=True, capture_output=True)

    def counting(self, name: str, body) -> "dict[str, int]":
        """The instructions of each comparing function while `body` ran."""
        self.control("-z")
        body()
        self.control(f"--dump={name}")
        newest = max(self.counts.parent.glob("counts.*"), key=lambda path: int(path.suffix[1:]))
        listed = subprocess.run(
            ["callgrind_annotate", "--threshold=100", newest], check=True, capture_output=True, text=True).stdout
        found = (COUNT.match(line) for line in listed.splitlines())
        return {match[2]: int(match[1].replace(",", "")) for match in found if match and COMPARISONS.search(match[2])}


@unittest.skipUnless(shutil.which("valgrind"), "valgrind counts the instructions")
class Timing(unittest.TestCase):
    def setUp(self):
        self.folder = Folder()
        self.addCleanup(self.folder.close)
        good = token(ttl=600)
        self.signed, signature = good.rsplit(".", 1)
        self.signature = hmac.digest(SECRET, self.signed.encode(), "sha256")
        self.assertEqual(b64(self.signature), signature)

    def wrong(self, position: int) -> str:
        """A token whose signature is wrong in one byte."""
        signature = bytearray(self.signature)
        signature[position] ^= 1
        return f"{self.signed}.{b64(bytes(signature))}"

    def test_a_wrong_signature_takes_as_long_wherever_it_is_wrong(self):
        with Counted(self.folder.path, "--token-secret-file", self.folder.secret()) as server:
            with Connection(server.port) as connection:
                def show(text: str) -> None:
                    for _ in range(REQUESTS):
                        answer = connection.request(
                            "GET", "/v1/events?topic=public/tokens", [("Authorization", f"Bearer {text}")])
                        self.assertEqual(answer.status, 401)

                show(self.wrong(0))
                server.control("-i", "on")
                counts = {
                    position: server.counting(f"byte {position}", lambda: show(self.wrong(position)))
                    for position in (0, 1, 15, 30, 31)
                }
        # Each of the 32 bytes is looked at in each request.
        self.assertGreaterEqual(max(counts[0].values()), REQUESTS * len(self.signature))
        for position, count in counts.items():
            self.assertEqual(count, counts[0], f"wrong in byte {position}")
