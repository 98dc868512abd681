# SPDX-License-Identifier: Apache-2.0
# SPDX-FileCopyrightText: Hibiki contributors

"""The scenarios of Socket.IO: Hibiki, python-socketio, and Hibiki's own raw WebSocket, which tells what the protocol
costs. Raw and Socket.IO carry the same payload in text frames."""

from dataclasses import replace

from .scenario import Family, Goal, Kind, Scenario, Side

PATH = "/socket.io/?EIO=4&transport=websocket"
JOIN = ("--engine-io", "--path", PATH, "--subscribe", "40/bench,", "--await", "40/bench,{")
ECHO = ("--publish", '42/bench,["echo","@PAYLOAD@"]')
SAY = (
    "--publish-path", PATH,
    "--publish-hello", "40/bench-publish,",
    "--publish-await", "40/bench-publish,{",
    "--publish", '42/bench-publish,["say","@PAYLOAD@"]',
    "--marker", '42/bench,["said","',
)  # fmt: skip


def three(raw, *arguments):
    """The sides, both Socket.IO servers being spoken to in the same way."""
    return (
        Side("hibiki", "target", (*JOIN, *arguments)),
        Side("python", "python-socketio", (*JOIN, *arguments)),
        replace(raw, name="raw"),
    )


def echo(raw, in_flight):
    return Scenario(
        name=f"sio-echo-64-{in_flight}",
        title=f"echo 64 B, 100 connections, {in_flight} in flight: messages",
        kind=Kind.RATE,
        command="echo",
        arguments=("--text", "--connections", "100", "--in-flight", str(in_flight)),
        sides=three(raw, *ECHO),
        goal=Goal(times=0.5, against="raw"),
        family=Family.SOCKET_IO,
    )


def fanout(raw, in_flight):
    return Scenario(
        name=f"sio-fanout-1000-{in_flight}",
        title=f"fan-out to a room of 1,000, 64 B, {in_flight} in flight: deliveries",
        kind=Kind.RATE,
        command="fanout",
        arguments=("--connections", "1000", "--in-flight", str(in_flight)),
        sides=three(raw, *SAY),
        goal=Goal(times=0.65, against="raw"),
        family=Family.SOCKET_IO,
    )


def idle(raw):
    return Scenario(
        name="sio-idle",
        title="idle in one namespace: resident bytes per connection",
        kind=Kind.MEMORY,
        command="idle",
        arguments=(),
        sides=three(raw),
        goal=Goal(bound=8191),
        family=Family.SOCKET_IO,
        connections=10000,
    )


def scenarios(raw_echo, raw_fanout, raw_idle):
    """With the raw side of each."""
    return (
        echo(raw_echo, 1),
        echo(raw_echo, 16),
        fanout(raw_fanout, 1),
        fanout(raw_fanout, 16),
        idle(raw_idle),
    )
