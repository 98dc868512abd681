# SPDX-License-Identifier: Apache-2.0
# SPDX-FileCopyrightText: Hibiki contributors

"""One run of one scenario on one side. Each answers a dictionary with `value` in the scenario's unit."""

import json
import subprocess
import time

from .scenario import Kind
from .servers import Server


class LoadFailure(Exception):
    """The load generator saw something wrong, and said what."""


def measure(settings, scenario, side):
    return {
        Kind.RATE: measure_rate,
        Kind.MEMORY: measure_memory,
        Kind.ALLOCATIONS: measure_allocations,
    }[scenario.kind](settings, scenario, side)


def load_command(settings, scenario, side, server, *more):
    return [
        "taskset", "-c", str(settings.load_core), str(settings.load), scenario.command,
        "--port", str(server.port), *scenario.arguments, *side.arguments, *more,
    ]  # fmt: skip


def run_load(command, limit):
    try:
        done = subprocess.run(command, stdin=subprocess.DEVNULL, capture_output=True, text=True, timeout=limit)
    except subprocess.TimeoutExpired as timeout:
        raise LoadFailure(f"no result within {limit:.0f} s") from timeout
    if done.returncode != 0:
        raise LoadFailure(done.stderr.strip() or f"the load generator ended with {done.returncode}")
    return json.loads(done.stdout)


def measure_rate(settings, scenario, side):
    with Server(settings, side.server) as server:
        command = load_command(
            settings, scenario, side, server,
            "--server-pid", str(server.pid), "--seconds", str(settings.seconds), "--warmup", str(settings.warmup),
        )  # fmt: skip
        result = run_load(command, limit=settings.seconds + settings.warmup + 120)
    result["value"] = result["per_server_cpu_second"]
    result["load_bound"] = is_load_bound(result)
    return result


def is_load_bound(result):
    """Whether the server waited for a load generator that had no more to give."""
    seconds = result["seconds"]
    return result["load_cpu"] > 0.95 * seconds and result["server_cpu"] < 0.9 * seconds


def measure_memory(settings, scenario, side):
    count = min(scenario.connections or settings.idle_connections, settings.idle_connections)
    with Server(settings, side.server) as server:
        before = settled_memory(server.pid)
        command = load_command(settings, scenario, side, server, "--connections", str(count))
        load = subprocess.Popen(
            command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
        )
        try:
            if not load.stdout.readline():
                raise LoadFailure(load.communicate()[1].strip())
            after = settled_memory(server.pid)
            if load.poll() is not None:
                raise LoadFailure(load.communicate()[1].strip())
        finally:
            if load.poll() is None:
                load.communicate(timeout=60)
    return {"value": (after - before) / count, "connections": count, "before": before, "after": after}


def resident_memory(pid):
    with open(f"/proc/{pid}/smaps_rollup", encoding="ascii") as file:
        for line in file:
            if line.startswith("Rss:"):
                return int(line.split()[1]) * 1024
    raise ValueError("smaps_rollup has no Rss")


def settled_memory(pid, step=0.5, quiet=6, limit=40):
    """The resident memory once it has not moved by more than 64 KiB for `quiet` steps: a garbage collector, or an
    allocator that gives pages back, is done by then. After `limit` steps it is what it is."""
    history = [resident_memory(pid)]
    while len(history) < limit:
        time.sleep(step)
        history.append(resident_memory(pid))
        recent = history[-quiet:]
        if len(recent) == quiet and max(recent) - min(recent) <= 64 * 1024:
            break
    return history[-1]


def measure_allocations(settings, scenario, side):
    """The slope between a hundred and a thousand subscribers: what a publication costs by itself cancels out."""
    few, many = 100, 1000
    counts = {n: allocations_per_publication(settings, scenario, side, n) for n in (few, many)}
    return {
        "value": (counts[many] - counts[few]) / (many - few),
        "per_publication": {str(n): count for n, count in counts.items()},
    }


def allocations_per_publication(settings, scenario, side, subscribers):
    counters = settings.output / "malloc-count"
    counters.unlink(missing_ok=True)
    environment = {"LD_PRELOAD": str(settings.malloc_count), "MALLOC_COUNT_FILE": str(counters)}
    with Server(settings, side.server, extra_environment=environment) as server:
        command = load_command(
            settings, scenario, side, server,
            "--connections", str(subscribers),
            "--publications", str(settings.publications),
            "--counters", str(counters),
        )  # fmt: skip
        result = run_load(command, limit=300)
    return result["allocations"] / (result["count"] / subscribers)
