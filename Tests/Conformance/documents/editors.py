# SPDX-License-Identifier: Apache-2.0
# SPDX-FileCopyrightText: Hibiki contributors
"""Editors of Yjs in one Node process, with y-websocket's own provider."""

import itertools
import json
import os
import pathlib
import subprocess
import unittest

from support.case import ServerCase
from support.server import eventually

HERE = pathlib.Path(__file__).resolve().parent
GLOBALS = HERE.parent / "clients" / "globals.cjs"
names = itertools.count(1)


class Editor:
    """One of them; every method of `scripts/editors.mjs` is one of it."""

    def __init__(self, editors, who):
        self.editors, self.who = editors, who

    def __getattr__(self, command):
        return lambda **details: self.editors.ask(command, who=self.who, **details)

    def is_synced(self):
        return self.status()["synced"]


class Editors:
    def __init__(self):
        self.process = subprocess.Popen(
            ["node", "-r", GLOBALS, HERE / "scripts" / "editors.mjs"], stdin=subprocess.PIPE, stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL, text=True,
            # Debian's packages find each other by it.
            env={**os.environ, "NODE_PATH": "/usr/share/nodejs"})
        self.numbers = itertools.count(1)

    def ask(self, command, **details):
        self.process.stdin.write(json.dumps({"do": command, **details}) + "\n")
        self.process.stdin.flush()
        line = self.process.stdout.readline()
        if not line:
            raise AssertionError(f"the editors have ended with {self.process.wait()}")
        answer = json.loads(line)
        if "error" in answer:
            raise AssertionError(answer["error"])
        return answer["ok"]

    def open(self, url, document, **details):
        editor = Editor(self, f"e{next(self.numbers)}")
        self.ask("open", who=editor.who, url=url, document=document, **details)
        return editor

    def close(self):
        self.process.stdin.close()
        self.process.stdout.close()
        self.process.wait(10)


class EditorsCase(ServerCase):
    """`self.editor()` opens this test's document, `self.synced()` one that has everything too."""

    def setUp(self):
        super().setUp()
        self.document = f"public/pad-{next(names)}"
        self.editors = Editors()
        self.addCleanup(self.editors.close)

    def editor(self, document=None, port=None, **details):
        return self.editors.open(
            f"ws://127.0.0.1:{port or self.server.port}/yjs", document or self.document, **details)

    def synced(self, *arguments, **details):
        editor = self.editor(*arguments, **details)
        eventually(editor.is_synced, what="the editor being synchronised")
        return editor

    def assert_same(self, *editors, timeout=10):
        """All hold the same in the end; returns what."""
        eventually(
            lambda: len({json.dumps(editor.state(), sort_keys=True) for editor in editors}) == 1, timeout=timeout,
            what="all documents being the same")
        return editors[0].state()


