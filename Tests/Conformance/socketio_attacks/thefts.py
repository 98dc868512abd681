# SPDX-License-Identifier: Apache-2.0
# SPDX-FileCopyrightText: Hibiki contributors
"""Session ids that must not be guessed, and recovery with what a thief has: other ids, forged offsets, no token."""

from __future__ import annotations

import collections
import string

from socketio_attacks.case import MEGABYTE, TargetAttack, rows
from support.rawsocketio import SocketClient, compact


class Secrets(TargetAttack):
    flags = ("--recovery",)

    def test_ids_cannot_be_guessed(self):
        count = 200
        seen = []
        for _ in range(count):
            client = SocketClient.websocket(self.port)
            reply = client.connect()
            seen += [client.engine.sid, reply["sid"], reply["pid"]]
            client.close()
        random = [each[:16] for each in seen]
        self.assertEqual(len(set(random)), len(seen))
        alphabet = string.ascii_letters + string.digits + "-_"
        for place in range(16):
            letters = collections.Counter(each[place] for each in random)
            self.assertLessEqual(set(letters), set(alphabet))
            # 600 letters of 64: each about 9 times; a place that hardly varies would show here.
            self.assertGreater(len(letters), 50)
            self.assertLess(max(letters.values()), 40)


OFFSETS = {
    "an offset of -1": "-1",
    "an offset of 9e99": "9e99",
    "an offset of 2^63": "9223372036854775808",
    "an offset of 2^64": "18446744073709551616",
    "an offset with a NUL": "\0",
    "an offset of another epoch": "otherepoch-1",
    "an offset of a log": "1795222239555-0",
    "an offset of dots": "..",
    "an offset of a megabyte": "9" * 990_000,
    "an offset of an object": {"a": 1},
    "an offset of a number": 1e300,
    "an offset of an array": [],
}


class RecoveryThefts(TargetAttack):
    flags = ("--recovery",)
    memory = 48 * MEGABYTE

    def gone(self, namespace: str = "/", auth: "dict | None" = None) -> "tuple[dict, str | None]":
        """A session whose client was cut: the reply to its connect, and its last offset."""
        watcher = self.client()
        watcher.ask("join", "watchers")
        client = self.opened(SocketClient.websocket(self.port))
        on_main = client.connect()
        reply = on_main if namespace == "/" else client.connect(namespace, auth)
        offset = client.greeting.data[-1]
        client.engine.connection.reset()
        while watcher.event()[:2] != ["gone", on_main["sid"]]:
            pass
        return reply, offset if namespace == "/" else None

    def connect_with(self, namespace: str = "/", **credentials) -> SocketClient:
        client = self.opened(SocketClient.websocket(self.port))
        prefix = "" if namespace == "/" else namespace + ","
        client.send("0" + prefix + compact(credentials))
        return client

    @rows({f"{name} is a new session and nothing is replayed": offset for name, offset in OFFSETS.items()})
    def offset(self, offset):
        reply, _ = self.gone()
        message = self.connect_with(pid=reply["pid"], offset=offset).message()
        self.assertEqual(message.type, "0")
        self.assertNotEqual(message.data["sid"], reply["sid"])

    @rows({"the public id as the private one": "sid", "the private id with another end": "pid"})
    def guess(self, name):
        reply, offset = self.gone()
        pid = reply[name] if name == "sid" else reply["pid"][:-1] + ("A" if reply["pid"][-1] != "A" else "B")
        message = self.connect_with(pid=pid, offset=offset).message()
        self.assertEqual(message.type, "0")
        self.assertNotEqual(message.data["sid"], reply["sid"])

    def test_a_private_id_does_not_stand_for_the_token_of_its_namespace(self):
        reply, _ = self.gone("/admin", {"token": "ok"})
        answer = self.connect_with("/admin", pid=reply["pid"]).read()
        self.assertEqual(answer, '4/admin,{"message":"denied","data":{"code":7}}')

    def test_a_private_id_of_one_namespace_is_unknown_to_another(self):
        reply, offset = self.gone()
        message = self.connect_with("/custom", pid=reply["pid"], offset=offset).message()
        self.assertEqual((message.type, message.namespace), ("0", "/custom"))
        self.assertNotEqual(message.data["sid"], reply["sid"])

    def test_a_private_id_of_a_megabyte_is_unknown(self):
        message = self.connect_with(pid="A" * 990_000, offset="x").message()
        self.assertEqual(message.type, "0")

    def test_two_thousand_guesses_restore_nothing_and_cost_little(self):
        reply, offset = self.gone()
        client = self.opened(SocketClient.websocket(self.port))
        for number in range(2000):
            pid = f"{number:020d}"
            client.send("0" + compact({"pid": pid, "offset": offset}))
            message = client.message()
            self.assertNotEqual(message.data["sid"], reply["sid"])
            self.assertEqual(client.event()[0], "auth")
            client.send("1")
