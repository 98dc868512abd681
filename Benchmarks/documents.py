# SPDX-License-Identifier: Apache-2.0
# SPDX-FileCopyrightText: Hibiki contributors

"""One editor types into a document that many others have open, and every update has to reach all of them: deliveries per server CPU
second, beside y-websocket's own server in Node. Hibiki stores every update, in memory and in SQLite; the other keeps nothing."""

import argparse
import asyncio
import json
import os
import socket
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from runner.limits import raise_descriptor_limit

ROOT = Path(__file__).resolve().parent.parent
NODE_MODULES = "/usr/share/nodejs"
CLOCK = os.sysconf("SC_CLK_TCK")

# What an editor sends who types one letter after the other; each line one update.
TYPING = """
const Y = require('yjs')
const doc = new Y.Doc()
const updates = []
doc.on('update', update => updates.push(Buffer.from(update).toString('hex')))
const text = doc.getText('text')
for (let i = 0; i < Number(process.argv[1]); i++) text.insert(i, 'hibiki'[i % 6])
process.stdout.write(updates.join('\\n'))
"""


def number(value):
    data = bytearray()
    while value > 0x7F:
        data.append(0x80 | value & 0x7F)
        value >>= 7
    return bytes(data) + bytes([value])


def masked(payload):
    """A binary frame of a client; the mask is zero, which changes no byte."""
    size = len(payload)
    head = bytes([0x82, 0x80 | size]) if size < 126 else b"\x82\xfe" + size.to_bytes(2, "big")
    return head + b"\0\0\0\0" + payload


class Receiver(asyncio.Protocol):
    """Counts the updates that come, by their frames."""

    def __init__(self, wanted, done):
        self.rest, self.seen, self.wanted, self.done, self.is_open = b"", 0, wanted, done, False

    def connection_made(self, transport):
        self.transport = transport

    def data_received(self, data):
        data = self.rest + data
        if not self.is_open:
            head, found, data = data.partition(b"\r\n\r\n")
            if not found:
                self.rest = head
                return
            assert b" 101 " in head.split(b"\r\n")[0], head
            self.is_open = True
        at = 0
        while len(data) - at >= 2:
            size, start = data[at + 1] & 0x7F, at + 2
            if size == 126:
                if len(data) - at < 4:
                    break
                size, start = int.from_bytes(data[at + 2:at + 4], "big"), at + 4
            if len(data) < start + size:
                break
            if data[at] == 0x82 and data[start:start + 2] == b"\x00\x02":
                self.seen += 1
                if self.seen == self.wanted:
                    self.done()
            at = start + size
        self.rest = data[at:]


def cpu(pid):
    fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / CLOCK


async def measure(port, path, pid, updates, receivers, window):
    """Deliveries, and the seconds of the server's processor and of the clock that they took."""
    loop = asyncio.get_running_loop()
    finished, everybody = 0, loop.create_future()

    def done():
        nonlocal finished
        finished += 1
        if finished == receivers + 1:
            everybody.set_result(None)

    request = (
        f"GET {path} HTTP/1.1\r\nHost: 127.0.0.1:{port}\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
        "Sec-WebSocket-Key: aGliaWtpIGhpYmlraSBoIQ==\r\nSec-WebSocket-Version: 13\r\n\r\n").encode()
    clients = []
    for _ in range(receivers + 1):
        transport, client = await loop.create_connection(lambda: Receiver(len(updates), done), "127.0.0.1", port)
        transport.write(request)
        clients.append(client)
    while not all(client.is_open for client in clients):
        await asyncio.sleep(0.01)
    await asyncio.sleep(0.3)
    writer = clients[0]
    began, used = time.monotonic(), cpu(pid)
    for index, update in enumerate(updates):
        # As many on their way as the writer has not seen come back
        while index - writer.seen >= window:
            await asyncio.sleep(0)
        writer.transport.write(masked(b"\x00\x02" + number(len(update)) + update))
    await asyncio.wait_for(everybody, 120)
    result = len(updates) * (receivers + 1), cpu(pid) - used, time.monotonic() - began
    for client in clients:
        client.transport.abort()
    return result


def hibiki(settings, *flags):
    command = [settings.hibiki, "serve", "--port", str(settings.port), "--threads", "1", "--no-budgets", "--no-chat",
               "--log-level", "error", *flags]
    return subprocess.Popen(
        ["taskset", "-c", settings.server_core, *map(str, command)], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)


def y_websocket(settings):
    environment = {**os.environ, "NODE_PATH": NODE_MODULES, "HOST": "127.0.0.1", "PORT": str(settings.port)}
    return subprocess.Popen(
        ["taskset", "-c", settings.server_core, "node", f"{NODE_MODULES}/y-websocket/bin/server.js"],
        stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, env=environment)


def wait_for(port, process):
    deadline = time.monotonic() + 20
    while time.monotonic() < deadline and process.poll() is None:
        try:
            socket.create_connection(("127.0.0.1", port), 1).close()
            return
        except OSError:
            time.sleep(0.05)
    sys.exit("the server did not open its port")


def run(settings, name, start, path):
    process = start()
    try:
        wait_for(settings.port, process)
        deliveries, used, took = asyncio.run(
            measure(settings.port, path, process.pid, settings.updates_made, settings.receivers, settings.window))
    finally:
        process.terminate()
        process.wait(10)
    print(f"{name:<22} {deliveries:>9,} deliveries  {used:6.2f} s of the processor  {took:6.2f} s"
          f"  {deliveries / used:>11,.0f} per CPU second", flush=True)
    return {"server": name, "deliveries": deliveries, "cpu": used, "seconds": took, "perCPUSecond": deliveries / used}


def main():
    cores = [str(core) for core in sorted(os.sched_getaffinity(0))]
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--receivers", type=int, default=200, help="(%(default)s)")
    parser.add_argument("--updates", type=int, default=2_000, help="of each round (%(default)s)")
    parser.add_argument("--window", type=int, default=8, help="updates on their way at a time (%(default)s)")
    parser.add_argument("--rounds", type=int, default=3, help="(%(default)s)")
    parser.add_argument("--port", type=int, default=18_777, help="(%(default)s)")
    parser.add_argument("--hibiki", type=Path, default=ROOT / ".build" / "release" / "hibiki")
    parser.add_argument("--server-core", default=cores[0], help="(%(default)s)")
    parser.add_argument("--output", type=Path, default=ROOT / ".build" / "bench", help="for documents.json")
    settings = parser.parse_args()
    raise_descriptor_limit(settings.receivers + 100)
    made = subprocess.run(
        ["node", "-e", TYPING, str(settings.updates)], check=True, capture_output=True, text=True,
        env={**os.environ, "NODE_PATH": NODE_MODULES})
    settings.updates_made = [bytes.fromhex(line) for line in made.stdout.split()]
    results = []
    for _ in range(settings.rounds):
        with tempfile.TemporaryDirectory() as folder:
            rows = {
                "y-websocket": (lambda: y_websocket(settings), "/pad"),
                "hibiki, in memory": (lambda: hibiki(settings, "--store", "memory"), "/yjs/public/pad"),
                "hibiki, SQLite": (lambda: hibiki(settings, "--data", folder), "/yjs/public/pad"),
            }
            results += [run(settings, name, start, path) for name, (start, path) in rows.items()]
    medians = {
        name: statistics.median(each["perCPUSecond"] for each in results if each["server"] == name) for name in rows}
    peer = medians["y-websocket"]
    for name, median in medians.items():
        print(f"median {name:<22} {median:>11,.0f} per CPU second  {median / peer:5.2f} of y-websocket")
    settings.output.mkdir(parents=True, exist_ok=True)
    (settings.output / "documents.json").write_text(json.dumps({"rounds": results, "medians": medians}, indent=2) + "\n")


if __name__ == "__main__":
    main()
