# SPDX-License-Identifier: Apache-2.0
# SPDX-FileCopyrightText: Hibiki contributors

"""The scenarios of the raw transports, and all scenarios together."""

from . import socketio
from .scenario import Goal, Kind, Scenario, Side

TOPIC = "public/bench"

PUBLISHER = (
    "--publish-path", "/ws",
    "--publish", f'{{"type":"publish","topic":"{TOPIC}","event":"m","payload":"@PAYLOAD@"}}',
)
HIBIKI = {
    "echo": Side("hibiki", "hibiki-echo", ("--path", "/")),
    "fanout": Side("hibiki", "hibiki-serve", (
        "--path", "/ws",
        "--subscribe", f'{{"type":"subscribe","topic":"{TOPIC}","id":1}}',
        "--await", '"type":"reply"',
        "--marker", '"payload":"',
        *PUBLISHER,
    )),
    "sse": Side("hibiki", "hibiki-serve", (
        "--path", f"/v1/events?topic={TOPIC}", "--await", "connected", "--marker", 'data: "', *PUBLISHER,
    )),
    "idle-ws": Side("hibiki", "hibiki-serve", ("--path", "/ws")),
    "idle-sse": Side("hibiki", "hibiki-serve", ("--path", f"/v1/events?topic={TOPIC}", "--await", "connected")),
}  # fmt: skip
WS = {
    "echo": Side("ws", "ws", ("--path", "/echo")),
    "fanout": Side("ws", "ws", ("--path", "/broadcast", "--publish-path", "/broadcast")),
    "sse": Side("ws", "ws", ("--path", "/events", "--await", "connected", "--publish-path", "/broadcast")),
    "idle-ws": Side("ws", "ws", ("--path", "/echo")),
    "idle-sse": Side("ws", "ws", ("--path", "/events", "--await", "connected")),
}


FLOOR = Side("floor", "floor", ("--path", "/"))


def both(key):
    return (HIBIKI[key], WS[key])


def echo(size, in_flight, times):
    spoken = "64 B" if size == 64 else f"{size // 1024} KiB"
    return Scenario(
        name=f"echo-{size}-{in_flight}",
        title=f"echo {spoken}, 100 connections, {in_flight} in flight: messages",
        kind=Kind.RATE,
        command="echo",
        arguments=("--connections", "100", "--size", str(size), "--in-flight", str(in_flight)),
        sides=(*both("echo"), FLOOR),
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
        sides=both(command),
        goal=goal,
    )


def idle(name, transport, flags):
    return Scenario(
        name=name,
        title=f"idle on {transport}: resident bytes per connection",
        kind=Kind.MEMORY,
        command="idle",
        arguments=flags,
        sides=both(name),
        goal=Goal(bound=4096),
    )


def allocations(in_flight):
    """V8 allocates on a heap of its own, so counting malloc says nothing about Node."""
    return Scenario(
        name=f"allocations-{in_flight}",
        title=f"fan-out over WebSocket, {in_flight} in flight: allocations per delivered message",
        kind=Kind.ALLOCATIONS,
        command="fanout",
        arguments=("--in-flight", str(in_flight)),
        sides=(HIBIKI["fanout"],),
        goal=Goal(bound=0.01),
    )


NATIVE = (
    echo(64, 1, times=1.5),
    echo(64, 16, times=10),
    echo(4096, 1, times=4),
    echo(4096, 16, times=4),
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
        sides=both("echo"),
        goal=Goal(times=3),
    ),
    idle("idle-ws", "WebSocket", ()),
    idle("idle-sse", "SSE", ("--events",)),
    allocations(1),
    allocations(16),
)

SCENARIOS = NATIVE + socketio.scenarios(HIBIKI["echo"], HIBIKI["fanout"], HIBIKI["idle-ws"])
