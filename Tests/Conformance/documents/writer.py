# SPDX-License-Identifier: Apache-2.0
# SPDX-FileCopyrightText: Hibiki contributors
"""Somebody who writes into a document of operations, in the protocol of Documentation/ot.md."""

import json
import secrets
import threading
import urllib.parse
from socket import SHUT_RDWR

from documents.operation import apply, build, compose, transform
from support.rawclient import Ended
from support.rawwebsocket import Close, WebSocket, text as text_frame


class Writer:
    """`text` is what it has on its screen, with what is not acknowledged yet."""

    def __init__(self, port, document, **query):
        self.port = port
        query = {"secret": secrets.token_urlsafe(24), **query}
        self.path = f"/ot/{urllib.parse.quote(document)}?{urllib.parse.urlencode(query)}"
        self.lock = threading.RLock()
        self.socket = None
        self.text = self.revision = self.incarnation = self.name = self.access = None
        self.sequence = 0
        self.newest = 0
        self.outstanding = self.buffer = None
        self.acknowledged, self.errors, self.selections, self.close = set(), [], {}, None
        self.connect()

    # The connection

    def connect(self):
        with self.lock:
            self.close = None
            self.socket = WebSocket.open(self.port, path=self.path, welcome=False, timeout=60)
            threading.Thread(target=self.listen, args=(self.socket,), daemon=True).start()
            self.hello()

    def listen(self, socket):
        try:
            while True:
                message = socket.read_message()
                with self.lock:
                    if socket is not self.socket:
                        return
                    if isinstance(message, Close):
                        self.close = (message.code, message.reason)
                        return
                    self.hear(json.loads(message))
        except (Ended, OSError):
            with self.lock:
                if socket is self.socket and self.close is None:
                    self.close = (None, "cut")

    def cut(self):
        with self.lock:
            socket, self.socket = self.socket, None
        if socket:
            # A socket that another thread reads is not closed before that has returned.
            try:
                socket.connection.socket.shutdown(SHUT_RDWR)
            except OSError:
                pass
            socket.connection.close()

    def send(self, **message):
        if self.socket:
            self.socket.connection.try_send(text_frame(message))

    def hello(self):
        known = {} if self.text is None else {"revision": self.revision, "incarnation": self.incarnation}
        self.send(type="hello", **known)

    # Writing

    def edit(self, operation):
        with self.lock:
            self.text = apply(self.text, operation)
            if self.outstanding is None:
                self.submit(operation)
            else:
                self.buffer = operation if self.buffer is None else compose(self.buffer, operation)

    def insert(self, position, string):
        with self.lock:
            self.edit(build([position, string, len(self.text) - position]))

    def append(self, string):
        with self.lock:
            self.insert(len(self.text), string)

    def type(self, chance):
        """One random edit."""
        with self.lock:
            position = chance.randint(0, len(self.text))
            count = min(chance.randint(0, 6), len(self.text) - position) if len(self.text) > 60 else 0
            word = "" if count else chance.choice(["a", "bc", "é ", "日本", "\n"])
            self.edit(build([position, word, -count, len(self.text) - position - count]))

    def select(self, position):
        with self.lock:
            selection = None if position is None else {"ranges": [{"anchor": position, "head": position}]}
            self.send(type="select", revision=self.revision, selection=selection)

    def submit(self, operation):
        self.sequence += 1
        self.outstanding = operation
        self.send_again()

    def send_again(self):
        if self.outstanding is not None:
            self.send(type="submit", revision=self.revision, sequence=self.sequence, operation=self.outstanding)

    # Hearing

    def hear(self, message):
        getattr(self, "hear_" + message["type"])(message)

    def hear_document(self, message):
        if self.text is not None:
            return
        self.text, self.revision, self.incarnation = message["document"], message["revision"], message["incarnation"]
        self.name, self.access = message["client"], message["access"]
        self.sequence = max(self.sequence, message["sequence"])
        self.hear_selections(message)
        if self.newest > self.revision:
            self.hello()

    def hear_operations(self, message):
        if self.text is None:
            return
        for each in message["operations"]:
            if each["revision"] == self.revision + 1:
                self.take(each, sends=False)
        self.hear_selections(message)
        self.send_again()

    def hear_operation(self, message):
        self.newest = max(self.newest, message["revision"])
        if self.text is None or message["revision"] <= self.revision:
            return
        if message["revision"] > self.revision + 1:
            self.hello()
        else:
            self.take(message, sends=True)

    def hear_selections(self, message):
        self.selections = {each["client"]: each["selection"] for each in message["selections"]}

    def hear_selection(self, message):
        if message["selection"] is None:
            self.selections.pop(message["client"], None)
        else:
            self.selections[message["client"]] = message["selection"]

    def hear_error(self, message):
        if message["sequence"] is not None and (self.outstanding is None or message["sequence"] != self.sequence):
            return
        self.errors.append(message["code"])
        if message["reload"]:
            self.text = self.outstanding = self.buffer = None
            self.hello()

    def take(self, message, sends):
        self.revision = message["revision"]
        if (message["client"], message["sequence"]) == (self.name, self.sequence) and self.outstanding is not None:
            self.acknowledged.add(self.sequence)
            self.outstanding, buffer, self.buffer = None, self.buffer, None
            if buffer is not None and sends:
                self.submit(buffer)
            elif buffer is not None:
                self.sequence += 1
                self.outstanding = buffer
            return
        operation = message["operation"]
        if self.outstanding is not None:
            self.outstanding, operation = transform(self.outstanding, operation)
        if self.buffer is not None:
            self.buffer, operation = transform(self.buffer, operation)
        self.text = apply(self.text, operation)

    # What tests ask

    def is_quiet(self):
        with self.lock:
            return self.text is not None and self.outstanding is None

    def state(self):
        with self.lock:
            return self.text, self.revision
