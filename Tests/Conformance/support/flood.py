# SPDX-License-Identifier: Apache-2.0
# SPDX-FileCopyrightText: Hibiki contributors
"""A client that opens far more connections than it should, from one address, and takes note of what each of them got.

    flood.py PORT --source 127.0.0.2 --count 10000 --per-second 5000 [--mute] [--brief]

A program of its own, because Python does one thing at a time: whoever counts seconds elsewhere is not to wait for it. It
sends a request on each connection, reads the answer, and keeps those that are served open until its standard input ends.
The last line that it prints before that is a JSON object: how many connections got what.
"""

import argparse
import collections
import errno
import json
import pathlib
import re
import resource
import select
import socket
import subprocess
import sys
import time

REQUEST = b"GET /v1/events?topic=public/flood HTTP/1.1\r\nHost: flood\r\n\r\n"
CODE = re.compile(rb'^\{"error":\{"code":"([a-z_]+)"')
# Connections without an answer, above which no further ones are begun: a server on a slow machine gets as many as it can
# answer, and the queue of its port stays so short that others who come can be served within a second.
AHEAD = 400
# How long an answer is waited for after the last connection was begun
PATIENCE = 10


class Flood:
    """`mute` sends nothing: a refusal has to come without a request. `brief` keeps none of those that are served."""

    def __init__(self, port, source, mute=False, brief=False):
        self.port = port
        self.source = source
        self.mute = mute
        self.brief = brief
        self.poll = select.epoll()
        self.waiting = {}
        self.held = []
        self.outcomes = collections.Counter()

    def run(self, count, per_second):
        started = time.monotonic()
        begun = 0
        progress = started
        while begun < count and time.monotonic() - progress < PATIENCE:
            due = min(count, int((time.monotonic() - started) * per_second) + 1)
            while begun < due and len(self.waiting) < AHEAD:
                self.begin()
                begun += 1
                progress = time.monotonic()
            self.turn(0.001)
        self.seconds = time.monotonic() - started
        deadline = time.monotonic() + PATIENCE
        while self.waiting and time.monotonic() < deadline:
            self.turn(0.05)
        for number in list(self.waiting):
            self.end(number, "silence")

    def begin(self):
        opened = socket.socket(socket.AF_INET, socket.SOCK_STREAM | socket.SOCK_NONBLOCK)
        # The port is chosen with the connection, so that those of another address do not count.
        opened.setsockopt(socket.IPPROTO_IP, getattr(socket, "IP_BIND_ADDRESS_NO_PORT", 24), 1)
        opened.bind((self.source, 0))
        status = opened.connect_ex(("127.0.0.1", self.port))
        if status not in (0, errno.EINPROGRESS):
            self.outcomes[errno.errorcode[status]] += 1
            return opened.close()
        self.waiting[opened.fileno()] = [opened, b"", False]
        self.poll.register(opened.fileno(), select.EPOLLIN | select.EPOLLOUT)

    def turn(self, seconds):
        for number, events in self.poll.poll(seconds):
            state = self.waiting[number]
            try:
                if events & select.EPOLLOUT and not state[2]:
                    state[2] = True
                    self.poll.modify(number, select.EPOLLIN)
                    if not self.mute:
                        state[0].send(REQUEST)
                if events & (select.EPOLLIN | select.EPOLLHUP | select.EPOLLERR):
                    self.read(number, state)
            except OSError as error:
                self.end(number, errno.errorcode.get(error.errno, "error"))

    def read(self, number, state):
        data = state[0].recv(4096)
        state[1] += data
        head, rest, body = state[1].partition(b"\r\n\r\n")
        if not data:
            return self.end(number, "end of stream")
        length = re.search(rb"\r\ncontent-length: (\d+)", head, re.IGNORECASE)
        if rest and length and len(body) >= int(length[1]):
            self.end(number, self.name(head, body))

    @staticmethod
    def name(head, body):
        """The status, and for a refusal whether it says when to come back, and why it is one."""
        status = head[9:12].decode()
        if status == "200":
            return status
        retry = re.search(rb"\r\nretry-after: [1-9]\d*(\r\n|$)", head, re.IGNORECASE)
        code = CODE.match(body)
        return f"{status} {code[1].decode() if code else 'without a code'}" + ("" if retry else ", without Retry-After")

    def end(self, number, outcome):
        opened, _, _ = self.waiting.pop(number)
        self.outcomes[outcome] += 1
        self.poll.unregister(number)
        if outcome == "200" and not self.brief:
            self.held.append(opened)
        else:
            opened.close()


class Flooder:
    """The program as a child, as a context manager that ends it."""

    def __init__(self, port, source, count, per_second, *flags):
        self.command = [
            sys.executable, "-B", str(pathlib.Path(__file__).resolve()), str(port), "--source", source,
            "--count", str(count), "--per-second", str(per_second), *flags]

    def __enter__(self):
        self.process = subprocess.Popen(self.command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
        return self

    def __exit__(self, *_):
        self.process.stdin.close()
        self.process.stdout.close()
        self.process.wait(30)

    def is_done(self, within=0):
        """Whether it has said what happened, or says so in the seconds `within`."""
        return bool(select.select([self.process.stdout], [], [], within)[0])

    def result(self):
        return json.loads(self.process.stdout.readline())


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("port", type=int)
    parser.add_argument("--source", default="127.0.0.2")
    parser.add_argument("--count", type=int, default=10_000)
    parser.add_argument("--per-second", type=float, default=5_000)
    parser.add_argument("--mute", action="store_true")
    parser.add_argument("--brief", action="store_true")
    options = parser.parse_args()
    _, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (hard, hard))
    flood = Flood(options.port, options.source, options.mute, options.brief)
    flood.run(options.count, options.per_second)
    try:
        print(json.dumps({"outcomes": flood.outcomes, "seconds": flood.seconds}), flush=True)
    except BrokenPipeError:
        sys.exit(1)    # whoever has started it does not want to know any more
    sys.stdin.read()


if __name__ == "__main__":
    main()
