# SPDX-License-Identifier: Apache-2.0
# SPDX-FileCopyrightText: Hibiki contributors
"""What a key opens, and what it does not; and keys that come and go."""

import signal
import subprocess

from server_api.case import ApiCase, make_key
from support.rawevents import EventStream
from support.rawwebsocket import WebSocket
from support.server import binary, eventually

# What each scope opens: method, path, body.
OPENED = {
    "publish": [("POST", "/v1/events", {"topic": "orders/1", "payload": 1})],
    "read": [("GET", "/v1/events?topic=orders/1", None), ("GET", "/v1/topics", None),
             ("GET", "/v1/topics/orders%2F1/history", None), ("GET", "/v1/topics/orders%2F1/presence", None)],
    "manage": [("GET", "/v1/connections", None), ("POST", "/v1/users/nobody/disconnect", {}),
               ("DELETE", "/v1/topics/orders%2F1/subscribers/nobody", None)],
    "metrics": [("GET", "/metrics", None)],
}


class Keys(ApiCase):
    def test_a_scope_opens_what_it_is_for_and_nothing_else(self):
        for scope, requests in OPENED.items():
            for name, key in self.keys.items():
                for method, path, body in requests:
                    with self.subTest(scope=scope, key=name, path=path):
                        answer = self.ask(path, method, body, key, x_forwarded_for="192.0.2.1")
                        self.assertEqual(answer.status, 200 if name == scope else 403, answer.body)
                        if name != scope:
                            self.assertEqual(answer.code, "permission_denied")

    def test_a_key_that_is_not_known_is_401_everywhere_and_says_nothing_of_itself(self):
        key = self.key[:-1] + ("x" if self.key[-1] != "x" else "y")
        for requests in OPENED.values():
            for method, path, body in requests:
                answer = self.ask(path, method, body, key)
                self.assertEqual((answer.status, answer.code), (401, "invalid_token"), path)
                self.assertTrue(answer.headers["WWW-Authenticate"].startswith('Bearer error="invalid_token"'))
                self.assertNotIn(key.encode(), answer.body)

    def test_a_key_in_the_address_is_no_key(self):
        answer = self.ask(f"/v1/connections?access_token={self.key}")
        self.assertEqual((answer.status, answer.code), (401, "invalid_token"))

    def test_a_back_end_may_listen_too(self):
        with WebSocket.open(self.server.port) as socket, \
                EventStream.open(self.server.port, ["orders/1"], headers=[("Authorization", f"Bearer {self.orders}")]) as stream:
            self.assertEqual(socket.ask({"type": "connect", "token": self.orders, "id": 1})["principal"], "key:orders")
            self.assertEqual(socket.ask({"type": "subscribe", "topic": "orders/1", "id": 2})["type"], "reply")
            self.assertEqual(socket.ask({"type": "subscribe", "topic": "public/a", "id": 3})["code"], "permission_denied")
            stream.read_until("connected")
            self.assertEqual(self.ask("/v1/events", "POST", {"topic": "orders/1", "payload": "both"}, self.orders).status, 200)
            self.assertEqual(stream.read_until("message").json(), "both")
            self.assertEqual(socket.read_until(lambda message: message["type"] == "event")["payload"], "both")

    def test_the_log_names_the_key_of_whoever_has_done_something(self):
        self.ask("/v1/users/somebody-in-the-log/disconnect", "POST", {}, self.key)
        line = next(line for line in self.server.log().splitlines() if "somebody-in-the-log" in line)
        self.assertIn('"key":"everything"', line.replace(" ", ""))

    def test_a_setting_that_is_no_key_keeps_the_server_from_starting_and_is_not_repeated(self):
        for text in ("billing publish hk_this-is-a-key-and-no-digest", "billing publish", "billing write sha256:" + "0" * 64):
            run = subprocess.run([binary(), "serve", "--print-config", "--api-key", text], capture_output=True, text=True)
            self.assertNotEqual(run.returncode, 0, text)
            self.assertIn("api-key:", run.stderr)
            self.assertNotIn("hk_this", run.stderr)

    def test_two_keys_have_two_names(self):
        lines = [make_key("twin", "read")[1] for _ in range(2)]
        run = subprocess.run(
            [binary(), "serve", "--print-config", "--api-key", lines[0], "--api-key", lines[1]], capture_output=True, text=True)
        self.assertNotEqual(run.returncode, 0)
        self.assertIn("two keys are called twin", run.stderr)

    def test_print_config_shows_keys_as_the_file_takes_them(self):
        line = make_key("shown", "read,publish", "a/*", "b/**")[1]
        run = subprocess.run([binary(), "serve", "--print-config", "--api-key", line], capture_output=True, text=True)
        self.assertIn(f'api-key: ["{line}"]\n', run.stdout)
        config = self.folder.path / "again.yaml"
        config.write_text(run.stdout)
        again = subprocess.run([binary(), "serve", "--print-config", "--config", config], capture_output=True, text=True)
        self.assertEqual(again.stdout, run.stdout)

    def test_hibiki_key_says_what_is_wrong(self):
        for arguments in (["--name", "a b", "--scopes", "read"], ["--name", "a", "--scopes", "all"], ["--name", "a"],
                          ["--name", "a", "--scopes", "read", "a*b"], ["--name", "a", "--scopes", "read", "a b"]):
            run = subprocess.run([binary(), "key", *arguments], capture_output=True, text=True)
            self.assertNotEqual(run.returncode, 0, arguments)
            self.assertEqual(run.stdout, "")


class ReloadedKeys(ApiCase):
    def test_a_key_that_is_taken_out_of_the_file_ends_at_the_next_reload(self):
        with WebSocket.open(self.server.port) as socket:
            self.assertEqual(socket.ask({"type": "connect", "token": self.orders, "id": 1})["type"], "reply")
            secret, line = make_key("later", "read")
            type(self).secrets.append(secret)
            self.assertEqual(self.ask("/v1/topics", key=secret).status, 401)
            kept = [each for each in self.key_file.read_text().splitlines() if not each.startswith("orders ")]
            self.key_file.write_text("\n".join([*kept, line]) + "\n")
            self.server.process.send_signal(signal.SIGHUP)
            eventually(lambda: self.ask("/v1/topics", key=secret).status == 200, what="the new key counts")
            self.assertEqual(self.ask("/v1/topics", key=self.orders).status, 401)
            self.assertEqual(self.ask("/v1/topics", key=self.key).status, 200)
            self.assertEqual(socket.read_close().code, 4502)

    def test_a_file_that_cannot_be_understood_changes_nothing(self):
        before = self.key_file.read_text()
        self.key_file.write_text("nonsense\n")
        self.server.process.send_signal(signal.SIGHUP)
        eventually(lambda: "cannot be read again" in self.server.log(), what="the log says so")
        self.assertEqual(self.ask("/v1/topics", key=self.key).status, 200)
        self.key_file.write_text(before)
