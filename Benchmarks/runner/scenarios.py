# SPDX-License-Identifier: Apache-2.0
# SPDX-FileCopyrightText: Hibiki contributors

"""What is measured, how each side is addressed, and what the goal is."""

from dataclasses import dataclass
from enum import Enum

TOPIC = "public/bench"


class Kind(Enum):
    """How a scenario is measured."""

    RATE = "per server CPU second"
    MEMORY = "resident bytes per connection"
    ALLOCATIONS = "allocations per delivered message"


@dataclass(frozen=True)
class Goal:
    """At least `times` the neighbour, or at most `bound` in the scenario's own unit."""

    times: float | None = None
    bound: float | None = None

    def __str__(self):
        if self.times is not None:
            return f"≥ {self.times:g} ×"
        return f"≤ {self.bound:,g}"

    def reached(self, value, neighbour):
        """None if there is nothing to compare with."""
        if self.times is not None:
            return value / neighbour >= self.times if neighbour else None
        return value <= self.bound


@dataclass(frozen=True)
class Scenario:
    """`command` is the load generator's scenario, and `arguments` go to it whichever the server is."""

    name: str
    title: str
    kind: Kind
    command: str
    arguments: tuple[str, ...]
    goal: Goal | None = None

    def sides(self):
        """V8 allocates on a heap of its own, so counting malloc says nothing about Node."""
        return ("hibiki",) if self.kind is Kind.ALLOCATIONS else ("hibiki", "ws")

    def role(self):
        """The subcommand of `hibiki` that serves it."""
        return "echo" if self.command in ("echo", "churn") else "serve"

    def addresses(self, side):
        """Arguments that tell the load generator how this side names things."""
        return ADDRESSES[side][self.address_key()]

    def address_key(self):
        if self.command == "idle":
            return "idle-sse" if "--events" in self.arguments else "idle-ws"
        return "echo" if self.command == "churn" else self.command


PUBLISHER = (
    "--publish-path", "/ws",
    "--publish", f'{{"type":"publish","topic":"{TOPIC}","event":"m","payload":"@PAYLOAD@"}}',
)
ADDRESSES = {
    "hibiki": {
        "echo": ("--path", "/"),
        "fanout": (
            "--path", "/ws",
            "--subscribe", f'{{"type":"subscribe","topic":"{TOPIC}","id":1}}',
            "--await", '"type":"reply"',
            "--marker", '"payload":"',
            *PUBLISHER,
        ),
        "sse": ("--path", f"/v1/events?topic={TOPIC}", "--await", "connected", "--marker", 'data: "', *PUBLISHER),
        "idle-ws": ("--path", "/ws"),
        "idle-sse": ("--path", f"/v1/events?topic={TOPIC}", "--await", "connected"),
    },
    "ws": {
        "echo": ("--path", "/echo"),
        "fanout": ("--path", "/broadcast", "--publish-path", "/broadcast"),
        "sse": ("--path", "/events", "--await", "connected", "--publish-path", "/broadcast"),
        "idle-ws": ("--path", "/echo"),
        "idle-sse": ("--path", "/events", "--await", "connected"),
    },
}


def echo(size, in_flight, times):
    spoken = "64 B" if size == 64 else f"{size // 1024} KiB"
    return Scenario(
        name=f"echo-{size}-{in_flight}",
        title=f"echo {spoken}, 100 connections, {in_flight} in flight: messages",
        kind=Kind.RATE,
        command="echo",
        arguments=("--connections", "100", "--size", str(size), "--in-flight", str(in_flight)),
        goal=Goal(times=times),
    )


def fanout(command, subscribers, goal=None, in_flight=None, rate=None):
    pace = f"{in_flight} in flight" if in_flight else f"{rate} per s"
    transport = "WebSocket" if command == "fanout" else "SSE"
    flag = ("--in-flight", str(in_flight)) if in_flight else ("--rate", str(rate))
    return Scenario(
        name=f"{command}-{subscribers}-{in_flight or f'{rate}ps'}",
        title=f"fan-out over {transport} to {subscribers:,}, 64 B, {pace}: deliveries",
        kind=Kind.RATE,
        command=command,
        arguments=("--connections", str(subscribers), *flag),
        goal=goal,
    )


def idle(name, transport, flags):
    return Scenario(
        name=name,
        title=f"idle on {transport}: resident bytes per connection",
        kind=Kind.MEMORY,
        command="idle",
        arguments=flags,
        goal=Goal(bound=4096),
    )


SCENARIOS = (
    echo(64, 1, 1.5),
    echo(64, 16, 10),
    echo(4096, 1, 4),
    echo(4096, 16, 4),
    fanout("fanout", 1000, Goal(times=1.1), in_flight=1),
    fanout("fanout", 1000, Goal(times=6), in_flight=16),
    fanout("fanout", 1000, rate=100),
    fanout("fanout", 10000, rate=10),
    fanout("sse", 1000, in_flight=1),
    fanout("sse", 1000, in_flight=16),
    Scenario(
        name="churn",
        title="churn (connect, upgrade, one message, close), 100 at a time: connections",
        kind=Kind.RATE,
        command="churn",
        arguments=("--connections", "100"),
        goal=Goal(times=3),
    ),
    idle("idle-ws", "WebSocket", ()),
    idle("idle-sse", "SSE", ("--events",)),
    Scenario(
        name="allocations-1",
        title="fan-out over WebSocket, 1 in flight: allocations per delivered message",
        kind=Kind.ALLOCATIONS,
        command="fanout",
        arguments=("--in-flight", "1"),
        goal=Goal(bound=0.01),
    ),
    Scenario(
        name="allocations-16",
        title="fan-out over WebSocket, 16 in flight: allocations per delivered message",
        kind=Kind.ALLOCATIONS,
        command="fanout",
        arguments=("--in-flight", "16"),
        goal=Goal(bound=0.01),
    ),
)
