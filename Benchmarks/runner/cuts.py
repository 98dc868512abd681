# SPDX-License-Identifier: Apache-2.0
# SPDX-FileCopyrightText: Hibiki contributors

"""Clients of Socket.IO whose connections are cut again and again, and the account of what reached them.

Each asks the server for numbered messages, once, and from then on only reconnects: what it misses while it is away
has to come by the recovery of its session.

The server gives message N out N intervals after the request. A client takes when that was from the messages themselves:
of `arrival - N * interval`, the least that it has seen. So it knows at any time, without asking, which messages are out.
"""

import asyncio
import json
import random
from dataclasses import dataclass, field

from .websocket import WebSocket

PATH = "/socket.io/?EIO=4&transport=websocket"
NAMESPACE = b"/bench,"
OPEN, PING, CONNECT, EVENT = b"0", b"2", b"40" + NAMESPACE, b"42" + NAMESPACE
SOURCES = 250


@dataclass(frozen=True)
class Plan:
    """`interval`, `cut_every`, `offline` and `spread` are seconds; the clients begin spread over the last of them."""

    address: tuple[str, int]
    clients: int
    messages: int
    interval: float
    cut_every: float
    offline: float
    spread: float
    seed: int


@dataclass
class Account:
    """Of all clients together. A message that came too late for its place counts as lost and as repeated."""

    unfinished: int
    delivered: int = 0
    repeated: int = 0
    cuts: int = 0
    drops: int = 0
    recovered: int = 0
    not_recovered: int = 0
    replayed: int = 0
    # How long each of those that had missed something took, in seconds.
    replays: list[float] = field(default_factory=list)
    faults: list[str] = field(default_factory=list)


class Client:
    def __init__(self, plan, account, index):
        self.plan = plan
        self.account = account
        self.source = f"127.0.0.{2 + index % SOURCES}"
        self.begin = plan.spread * index / plan.clients
        self.random = random.Random(plan.seed * 1_000_003 + index)
        self.expected = 1
        self.sid = self.pid = self.offset = None
        self.finished = False
        # When message 0 would have come.
        self.origin = float("inf")
        # The last of the missed messages that are on their way, asked for at this time.
        self.awaited = self.asked = None
        self.websocket = self.timer = self.offline = None

    async def live(self):
        """Connects whenever the connection is gone, until it is cancelled."""
        loop = asyncio.get_running_loop()
        await asyncio.sleep(self.begin)
        while True:
            self.awaited = None
            self.offline = loop.create_future()
            try:
                self.websocket = WebSocket(self.received, self.lost)
                await self.websocket.open(self.plan.address, PATH, self.source)
                await self.offline
            except OSError as error:
                self.fault(f"cannot connect: {error}")
            await asyncio.sleep(self.plan.offline)

    def close(self):
        if self.timer:
            self.timer.cancel()
        if self.websocket:
            self.websocket.reset()

    # How a connection ends

    def cut_in(self, seconds):
        if self.timer:
            self.timer.cancel()
        self.timer = asyncio.get_running_loop().call_later(seconds, self.cut)

    def cut(self):
        self.account.cuts += 1
        self.websocket.reset()
        self.offline.set_result(None)

    def lost(self):
        """The server did it, or nobody did; a client comes back all the same."""
        self.account.drops += 1
        if self.timer:
            self.timer.cancel()
        self.offline.set_result(None)

    def finish(self):
        """All has come, or nothing more can. The connection stays, to see whether something comes once too often."""
        if self.timer:
            self.timer.cancel()
        if not self.finished:
            self.finished = True
            self.account.unfinished -= 1

    def fault(self, words):
        self.account.faults.append(words)
        self.finish()

    # What the server says

    def received(self, text):
        if text.startswith(EVENT):
            self.event(json.loads(text[len(EVENT) :]))
        elif text.startswith(CONNECT):
            self.connected(json.loads(text[len(CONNECT) :]))
        elif text.startswith(OPEN):
            self.connect()
        elif text == PING:
            self.websocket.send(b"3")
        else:
            self.fault(f"the server said {text[:200].decode(errors='replace')}")

    def connect(self):
        claim = {"pid": self.pid, "offset": self.offset}
        known = {name: value for name, value in claim.items() if value is not None}
        self.asked = asyncio.get_running_loop().time()
        self.awaited = self.last_missed(self.asked)
        self.websocket.send(CONNECT + (json.dumps(known, separators=(",", ":")).encode() if known else b""))

    def last_missed(self, now):
        """The number of the newest message that is out and has not come; `None` if all have."""
        if self.origin > now:
            return None
        newest = min(int((now - self.origin) / self.plan.interval), self.plan.messages)
        return newest if newest >= self.expected else None

    def connected(self, reply):
        """What was missed comes after this reply, or before it: the protocol leaves that to the server."""
        if self.sid is None:
            interval = round(self.plan.interval * 1000)
            self.websocket.send(EVENT + json.dumps(["tick", self.plan.messages, interval]).encode())
        elif reply["sid"] == self.sid:
            self.account.recovered += 1
            if not self.finished:
                self.cut_in(self.plan.cut_every * self.random.uniform(0.5, 1.5))
        else:
            self.account.not_recovered += 1
            self.awaited = None
            self.finish()
        self.sid, self.pid = reply["sid"], reply.get("pid")

    def event(self, values):
        if values[0] != "tock":
            return
        now = asyncio.get_running_loop().time()
        number = values[1]
        self.origin = min(self.origin, now - number * self.plan.interval)
        self.count(number)
        self.time_replay(number, now)
        if isinstance(values[-1], str):
            self.offset = values[-1]
        if self.expected > self.plan.messages:
            self.finish()
        elif number == 1:
            # Not earlier: a cut could take the request with it before the server has seen it.
            self.cut_in(self.plan.cut_every * self.random.random())

    def time_replay(self, number, now):
        """From the request to come back until the last message that was missed."""
        if self.awaited is None:
            return
        if number <= self.awaited:
            self.account.replayed += 1
        if number >= self.awaited:
            self.account.replays.append(now - self.asked)
            self.awaited = None

    def count(self, number):
        """Numbers that are skipped stay undelivered."""
        if number < self.expected:
            self.account.repeated += 1
        else:
            self.account.delivered += 1
            self.expected = number + 1


async def run(plan):
    """Lets all clients live until each has everything, or far longer than that should take."""
    account = Account(unfinished=plan.clients)
    clients = [Client(plan, account, index) for index in range(plan.clients)]
    loop = asyncio.get_running_loop()
    loop.set_exception_handler(lambda _, context: account.faults.append(str(context.get("exception", context))))
    tasks = [asyncio.create_task(client.live()) for client in clients]
    deadline = loop.time() + plan.spread + plan.messages * plan.interval + plan.offline + 20
    while account.unfinished and loop.time() < deadline:
        await asyncio.sleep(0.1)
    if account.unfinished:
        account.faults.append(f"{account.unfinished} clients did not have everything in time")
    await asyncio.sleep(plan.interval + 0.5)
    for client, task in zip(clients, tasks):
        task.cancel()
        client.close()
    await asyncio.gather(*tasks, return_exceptions=True)
    return account
