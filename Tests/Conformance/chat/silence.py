# SPDX-License-Identifier: Apache-2.0
# SPDX-FileCopyrightText: Hibiki contributors
"""Somebody who was taken out of a room hears nothing that is said after that, however that one listens."""

import contextlib
import subprocess
import threading
import unittest

from chat.case import ChatCase, ask
from clients.python import Connection
from support.rawsocketio import SocketClient
from support.server import eventually

ROUNDS = 20


class Curl:
    """An event stream, by curl; `said` is what came so far."""

    def __init__(self, url):
        self.process = subprocess.Popen(
            ["curl", "-sN", "-H", "Accept: text/event-stream", url], stdout=subprocess.PIPE, text=True)
        self.said = ""
        self.ready = threading.Event()
        self.reader = threading.Thread(target=self._read, daemon=True)
        self.reader.start()

    def _read(self):
        for line in self.process.stdout:
            self.said += line
            if line.startswith("event: connected"):
                self.ready.set()

    def __enter__(self):
        if not self.ready.wait(10):
            raise AssertionError("the stream did not begin")
        return self

    def __exit__(self, *_):
        self.process.terminate()
        self.process.wait(10)
        self.reader.join(10)
        self.process.stdout.close()


class Poller(threading.Thread):
    """Polls again and again until it is refused."""

    def __init__(self, url):
        super().__init__(daemon=True)
        self.url, self.since, self.said, self.refusal = url, "latest", "", None
        self.start()

    def run(self):
        while self.refusal is None:
            answer = ask(f"{self.url}&wait=5&since={self.since}")
            if answer.status >= 400:
                self.refusal = answer.code
            elif answer.status == 200:
                self.said += answer.body.decode()
                self.since = answer.json["lastEventId"]


class Silence(ChatCase):
    def listeners(self, stack, room):
        token = self.token("eve")
        topic = f"rooms%2F{room}"
        events = f"{self.server.url}/v1/events?topic={topic}&access_token={token}"
        native = stack.enter_context(Connection(f"{self.server.ws}/ws?access_token={token}"))
        native.send(type="subscribe", topic=f"rooms/{room}", id=1)
        native.receive("reply")
        stream = stack.enter_context(Curl(events))
        poller = Poller(events)
        topics = SocketClient.joined(self.server.port, "/v1", {"token": token})
        stack.callback(topics.close)
        topics.ask("subscribe", f"rooms/{room}", namespace="/v1")
        chatter = SocketClient.joined(self.server.port, "/chat", {"token": token})
        stack.callback(chatter.close)
        chatter.ask("joinRoom", room, namespace="/chat")
        eventually(lambda: self.ask("eve", f"topics/{topic}/presence").json["count"] == 5, what="all five listen")
        return native, stream, poller, topics, chatter

    def hear(self, client, namespace):
        """All that a socket has heard when a question is answered that is asked now."""
        heard = []
        client.emit("rooms" if namespace == "/chat" else "unsubscribe", *([{}] if namespace == "/chat" else ["x"]),
                    namespace=namespace, id=99)
        while (message := client.message()).type != "3" or message.id != 99:
            heard.append(str(message.data))
        return heard

    def test_nothing_newer_reaches_somebody_who_was_taken_out(self):
        for number in range(ROUNDS):
            with self.subTest(number=number), contextlib.ExitStack() as stack:
                room = f"quiet-{number}"
                self.make_room(room, eve="member", talker="member")
                native, stream, poller, topics, chatter = self.listeners(stack, room)
                stop = threading.Event()

                def talk():
                    count = 0
                    while not stop.is_set():
                        self.say("talker", room, f"before-{count}")
                        count += 1

                talking = threading.Thread(target=talk)
                talking.start()
                way = ("members", "bans")[number % 2]
                taken = self.ask("owner", f"rooms/{room}/{way}/eve", "DELETE" if way == "members" else "PUT",
                                 None if way == "members" else {})
                self.assertEqual(taken.status, 200, taken.body)
                stop.set()
                talking.join()
                last = taken.json["revision"]
                self.say("talker", room, "secret")
                poller.join(20)
                self.assertEqual(poller.refusal, "permission_denied")
                native.send(type="ping", id=2)
                said = []
                while (message := native.socket.recv(timeout=10)) and '"reply"' not in message:
                    said.append(message)
                said += self.hear(topics, "/v1") + self.hear(chatter, "/chat") + [poller.said, stream.said]
                for text in said:
                    self.assertNotIn("secret", text)
                events = self.ask("talker", f"rooms/{room}/events?since={last}").json["events"]
                newer = [event["payload"].get("id") for event in events if event["event"] == "message"]
                self.assertTrue(newer)
                for message in filter(None, newer):
                    for text in said:
                        self.assertNotIn(f'"{message}"', text, "was said after the removal")
                page = self.ask("eve", f"rooms/{room}/messages").json["messages"]
                self.assertLessEqual(max((message["revision"] for message in page), default=0), last)


if __name__ == "__main__":
    unittest.main()
