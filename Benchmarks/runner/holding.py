# SPDX-License-Identifier: Apache-2.0
# SPDX-FileCopyrightText: Hibiki contributors

"""Many idle WebSockets, on as many server processes as the limit of open files asks for: what they cost at rest."""

import argparse
import contextlib
import json
import math
import os
import re
import ssl
import subprocess
import sys
import time
import urllib.request
from pathlib import Path

from .measure import LoadFailure, resident_memory, settled_memory
from .servers import Server

# Files that a process has open beside its connections
SPARE = 500
TICKS = os.sysconf("SC_CLK_TCK")
STREAMS = Path(__file__).resolve().parent.parent / "streams.py"


def shares(settings):
    """How many connections each process gets, when each may have so many files. As streams they need one for many."""
    connections, descriptors = settings.connections, settings.descriptors
    if settings.http2:
        return [connections]
    processes = math.ceil(connections / (descriptors - SPARE))
    return [connections // processes + (index < connections % processes) for index in range(processes)]


def cpu(pid):
    """Seconds, user and system."""
    with open(f"/proc/{pid}/stat", encoding="ascii") as file:
        fields = file.read().rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / TICKS


def kernel_memory():
    """What the kernel says that it keeps for TCP, in bytes: buffers, and all objects of its slabs."""
    with open("/proc/net/sockstat", encoding="ascii") as file:
        buffers = int(re.search(r"^TCP:.* mem (\d+)", file.read(), re.MULTILINE)[1]) * os.sysconf("SC_PAGE_SIZE")
    with open("/proc/meminfo", encoding="ascii") as file:
        slabs = int(re.search(r"^Slab:\s+(\d+) kB", file.read(), re.MULTILINE)[1]) << 10
    return buffers + slabs


class Holder:
    """One server and the load generator that holds its connections; a context manager."""

    def __init__(self, settings, index, count):
        output = settings.output / f"hold-{index}"
        output.mkdir(parents=True, exist_ok=True)
        # Two processes may share a core, and a log may not be shared.
        self.settings = argparse.Namespace(**{**vars(settings), "output": output})
        self.count = count

    def __enter__(self):
        with contextlib.ExitStack() as stack:
            self.server = stack.enter_context(Server(self.settings, "hibiki-serve", *self.flags()))
            self.empty = settled_memory(self.server.pid)
            self.stack = stack.pop_all()
        return self

    def __exit__(self, *_):
        self.stack.close()

    def flags(self):
        """With HTTP/2, the certificate that it needs."""
        if not self.settings.http2:
            return []
        key, certificate = self.settings.output / "key.pem", self.settings.output / "certificate.pem"
        subprocess.run(
            ["openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes", "-subj",
             "/CN=localhost", "-days", "2", "-keyout", str(key), "-out", str(certificate)],
            check=True, capture_output=True,
        )  # fmt: skip
        return ["--tls-certificate", str(certificate), "--tls-key", str(key)]

    def open(self):
        """Returns when all connections are open. What is opened in a second is in `opened_in`."""
        started = time.monotonic()
        idle = [str(self.settings.load), "idle", "--path", "/ws"]
        program = [sys.executable, "-B", str(STREAMS)] if self.settings.http2 else idle
        self.load = subprocess.Popen(
            ["taskset", "-c", str(self.settings.load_core), *program, "--port", str(self.server.port),
             "--connections", str(self.count)],
            stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
        )
        self.stack.callback(self.close)
        if not self.load.stdout.readline():
            raise LoadFailure(self.load.communicate()[1].strip())
        self.opened_in = time.monotonic() - started

    def page(self, path):
        scheme, context = ("https", ssl._create_unverified_context()) if self.settings.http2 else ("http", None)
        address = f"{scheme}://127.0.0.1:{self.server.port}{path}"
        with urllib.request.urlopen(address, timeout=30, context=context) as answer:
            return answer.read().decode()

    def metric(self, series):
        return int(re.search(rf"^{re.escape(series)} (\d+)$", self.page("/metrics"), re.MULTILINE)[1])

    @property
    def held(self):
        return self.metric("websocket_connections_active")

    @property
    def pings(self):
        return self.metric('websocket_messages_total{direction="outbound",type="ping"}')

    def reading(self):
        if self.load.poll() is not None:
            raise LoadFailure(self.load.communicate()[1].strip())
        return {"time": time.monotonic(), "cpu": cpu(self.server.pid), "load_cpu": cpu(self.load.pid), "pings": self.pings}

    def close(self):
        if self.load.poll() is None:
            self.load.communicate(timeout=120)

    def leave(self, limit=60):
        """Ends all connections and waits until the server has seen it; answers the seconds that it took."""
        started = time.monotonic()
        self.close()
        while self.held:
            if time.monotonic() - started > limit:
                raise LoadFailure(f"{self.held} connections are still there")
            time.sleep(0.1)
        return time.monotonic() - started


def hold(settings, tell):
    """Opens, waits, closes; answers what it has seen of each process, and of all together."""
    kernel = kernel_memory()
    with contextlib.ExitStack() as stack:
        holders = []
        for index, count in enumerate(shares(settings)):
            holders.append(stack.enter_context(Holder(settings, index, count)))
        for holder in holders:
            holder.open()
            tell(f"{holder.count:,} connections are open after {holder.opened_in:.1f} s")
        full = [settled_memory(holder.server.pid) for holder in holders]
        kernel = kernel_memory() - kernel
        tell(f"at rest for {settings.seconds:.0f} s")
        before = [holder.reading() for holder in holders]
        time.sleep(settings.seconds)
        after = [holder.reading() for holder in holders]
        held = [holder.held for holder in holders]
        resting = [resident_memory(holder.server.pid) for holder in holders]
        left = [holder.leave() for holder in holders]
        empty = [settled_memory(holder.server.pid) for holder in holders]
        processes = [
            {
                "connections": holder.count, "held": held[i], "opened_in": holder.opened_in, "closed_in": left[i],
                "rss_before": holder.empty, "rss": full[i], "rss_after_rest": resting[i], "rss_after_close": empty[i],
                "bytes_per_connection": (full[i] - holder.empty) / holder.count,
                "seconds": after[i]["time"] - before[i]["time"],
                "cpu": after[i]["cpu"] - before[i]["cpu"], "load_cpu": after[i]["load_cpu"] - before[i]["load_cpu"],
                "pings": after[i]["pings"] - before[i]["pings"],
            }  # fmt: skip
            for i, holder in enumerate(holders)
        ]
    return {"processes": processes, "kernel_bytes_per_connection": kernel / settings.connections}


def summary(result):
    """The figures of all processes together."""
    processes = result["processes"]
    count = sum(each["connections"] for each in processes)
    grown = sum(each["rss"] - each["rss_before"] for each in processes)
    share = sum(each["cpu"] / each["seconds"] for each in processes)
    pings = sum(each["pings"] / each["seconds"] for each in processes)
    return {
        "connections": count, "held": sum(each["held"] for each in processes), "server_processes": len(processes),
        "bytes_per_connection": grown / count, "rss": sum(each["rss"] for each in processes),
        "cpu_share": share, "pings_per_second": pings,
        "cpu_microseconds_per_ping": 1e6 * share / pings if pings else None,
        "kernel_bytes_per_connection": result["kernel_bytes_per_connection"],
    }  # fmt: skip


def text(result):
    total = summary(result)
    lines = [
        f"connections   {total['held']:,} of {total['connections']:,} held, by {total['server_processes']} server processes",
        f"memory        {total['bytes_per_connection']:,.0f} resident bytes per connection, "
        f"{total['rss'] / (1 << 20):,.0f} MiB in all; the kernel {total['kernel_bytes_per_connection']:,.0f} per "
        "connection for both of its ends",
        f"CPU at rest   {100 * total['cpu_share']:.2f} % of a core, with {total['pings_per_second']:,.0f} pings and "
        "pongs a second",
    ]
    for each in result["processes"]:
        lines.append(
            f"process       {each['connections']:,} connections: {each['bytes_per_connection']:,.0f} bytes each, "
            f"CPU {each['cpu']:.2f} s in {each['seconds']:.1f} s, opened in {each['opened_in']:.1f} s, closed in "
            f"{each['closed_in']:.1f} s; RSS {each['rss_before'] >> 20} → {each['rss'] >> 20} → "
            f"{each['rss_after_rest'] >> 20} MiB, {each['rss_after_close'] >> 20} after the close"
        )
    return "\n".join(lines)


def save(path, result):
    path.write_text(json.dumps({**summary(result), **result}, indent=2) + "\n", encoding="utf-8")
