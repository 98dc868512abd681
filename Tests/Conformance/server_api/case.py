# SPDX-License-Identifier: Apache-2.0
# SPDX-FileCopyrightText: Hibiki contributors
"""A server with API keys, made by the command itself, and a secret for tokens."""

import json
import subprocess
import urllib.error
import urllib.parse
import urllib.request

from support.case import ServerCase
from support.server import Server, binary
from tokens.keys import Folder, token

SCOPES = ("publish", "read", "manage", "metrics")
RULES = ("anyone all public/**", "anyone signal", "users all orders/**")


def make_key(name, scopes, *patterns):
    """What `hibiki key` prints: the key, and the line for the settings."""
    command = [binary(), "key", "--name", name, "--scopes", scopes, *patterns]
    return subprocess.run(command, capture_output=True, check=True, text=True).stdout.splitlines()


class Answer:
    def __init__(self, status, headers, body):
        self.status, self.headers, self.body = status, headers, body

    @property
    def json(self):
        return json.loads(self.body)

    @property
    def code(self):
        return self.json["error"]["code"]


def ask(url, method="GET", body=None, key=None, **headers):
    """One request, errors included; `idempotency_key="a"` sends Idempotency-Key."""
    fields = {name.replace("_", "-"): value for name, value in headers.items()}
    if key:
        fields["Authorization"] = f"Bearer {key}"
    if body is not None and not isinstance(body, bytes):
        body = json.dumps(body).encode()
    request = urllib.request.Request(url, body, {"Content-Type": "application/json", **fields}, method=method)
    try:
        with urllib.request.urlopen(request, timeout=10) as answer:
            return Answer(answer.status, answer.headers, answer.read())
    except urllib.error.HTTPError as error:
        with error:
            return Answer(error.code, error.headers, error.read())


def segment(text):
    """A part of a path."""
    return urllib.parse.quote(text, safe="")


class ApiCase(ServerCase):
    """One key for everything, `cls.key`, one for each scope, `cls.keys`, and one for orders alone, `cls.orders`."""

    @classmethod
    def flags(cls):
        return []

    @classmethod
    def setUpClass(cls):
        cls.folder = Folder()
        cls.key, line = make_key("everything", ",".join(SCOPES))
        cls.orders, orders = make_key("orders", "publish,read,manage", "orders/**")
        made = {scope: make_key(scope, scope) for scope in SCOPES}
        cls.keys = {scope: secret for scope, (secret, _) in made.items()}
        cls.secrets = [cls.key, cls.orders, *cls.keys.values()]
        lines = [line, orders, *(line for _, line in made.values())]
        cls.key_file = cls.folder.path / "keys"
        cls.key_file.write_text("# Keys of back ends.\n\n" + "\n".join(lines) + "\n")
        cls.arguments = [
            "--api-key-file", cls.key_file, "--token-secret-file", cls.folder.secret(), "--log-level", "trace",
            *(part for rule in RULES for part in ("--permission", rule)), *cls.flags()]
        super().setUpClass()

    @classmethod
    def tearDownClass(cls):
        log = cls.server.log()
        super().tearDownClass()
        cls.folder.close()
        for secret in cls.secrets:
            if secret in log or secret[3:] in log:
                raise AssertionError(f"an API key stands in the log: {secret[:8]}…")

    def ask(self, path, method="GET", body=None, key=None, **headers):
        return ask(self.server.url + path, method, body, key, **headers)

    def token(self, subject="alice"):
        return token(sub=subject)
