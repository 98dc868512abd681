# SPDX-License-Identifier: Apache-2.0
# SPDX-FileCopyrightText: Hibiki contributors
"""A server with a chat, people who have tokens there, and what they do over HTTP."""

import json
import urllib.error
import urllib.parse
import urllib.request

from support.case import ServerCase
from tokens.keys import Folder, token


class Answer:
    def __init__(self, status, body):
        self.status, self.body = status, body

    @property
    def json(self):
        return json.loads(self.body)

    @property
    def code(self):
        return self.json["error"]["code"] if self.status >= 400 else None


def ask(url, method="GET", body=None, token=None, **headers):
    """One request, errors included."""
    fields = {name.replace("_", "-"): value for name, value in headers.items()}
    if token:
        fields["Authorization"] = f"Bearer {token}"
    data = None if body is None else json.dumps(body).encode()
    request = urllib.request.Request(url, data, {"Content-Type": "application/json", **fields}, method=method)
    try:
        with urllib.request.urlopen(request, timeout=10) as answer:
            return Answer(answer.status, answer.read())
    except urllib.error.HTTPError as error:
        with error:
            return Answer(error.code, error.read())


def segment(text):
    """A part of a path."""
    return urllib.parse.quote(str(text), safe="")


class ChatCase(ServerCase):
    """People have tokens that are signed with the server's secret: `self.token("alice")`."""

    @classmethod
    def setUpClass(cls):
        cls.folder = Folder()
        cls.addClassCleanup(cls.folder.close)
        cls.arguments = ["--token-secret-file", cls.folder.secret()]
        super().setUpClass()

    def token(self, person):
        return token(sub=person, name=person.capitalize())

    def ask(self, person, path, method="GET", body=None, **headers):
        return ask(f"{self.server.url}/v1/{path}", method, body, person and self.token(person), **headers)

    def make_room(self, room, kind="group", **people):
        """A room of `owner`, and others in it by their roles."""
        made = self.ask("owner", "rooms", "POST", {"roomId": room, "kind": kind, "members": list(people)})
        self.assertEqual(made.status, 201, made.body)
        for person, role in people.items():
            if role != "member":
                done = self.ask("owner", f"rooms/{room}/members/{person}", "PATCH", {"role": role})
                self.assertEqual(done.status, 200, done.body)

    def say(self, person, room, text):
        sent = self.ask(person, f"rooms/{room}/messages", "POST", {"content": text})
        self.assertEqual(sent.status, 201, sent.body)
        return sent.json
