# SPDX-License-Identifier: Apache-2.0
# SPDX-FileCopyrightText: Hibiki contributors

"""Cuts the connections of many Socket.IO clients while numbered messages go to each, and checks that recovery brings
every message once and in order. The exit status is 1 if it does not. See README.md."""

import argparse
import asyncio
import gc
import json
import os
import resource
import sys
from dataclasses import asdict
from pathlib import Path

from runner.cuts import Plan, run
from runner.limits import raise_descriptor_limit
from runner.servers import Server, ServerFailure

ROOT = Path(__file__).resolve().parent.parent


def arguments():
    parser = argparse.ArgumentParser(description=__doc__)
    cores = sorted(os.sched_getaffinity(0))
    second = cores[min(1, len(cores) - 1)]
    target = ROOT / ".build" / "release" / "ConformanceTarget"
    output = ROOT / ".build" / "bench"
    parser.add_argument("--clients", type=int, default=2000, help="(%(default)s)")
    parser.add_argument("--messages", type=int, default=120, help="to each client (%(default)s)")
    parser.add_argument("--per-second", type=float, default=2, help="messages to each client (%(default)s)")
    parser.add_argument("--cut-every", type=float, default=15, help="seconds of a connection, about (%(default)s)")
    parser.add_argument("--offline", type=float, default=2, help="seconds after a cut (%(default)s)")
    parser.add_argument("--spread", type=float, default=4, help="seconds over which the clients begin (%(default)s)")
    parser.add_argument("--seed", type=int, default=1, help="of the moments of the cuts (%(default)s)")
    parser.add_argument("--target", type=Path, default=target, help="the server")
    parser.add_argument("--server-core", type=int, default=cores[0], help="(%(default)s)")
    parser.add_argument("--load-core", type=int, default=second, help="of the clients (%(default)s)")
    parser.add_argument("--output", type=Path, default=output, help="for the log and recovery.json")
    settings = parser.parse_args()
    if min(settings.clients, settings.messages, settings.per_second, settings.cut_every) <= 0:
        parser.error("numbers have to be above 0")
    return settings


def percentiles(samples):
    """In milliseconds."""
    ordered = sorted(samples)
    names = {"p50": 0.5, "p95": 0.95, "p99": 0.99, "max": 1}
    return {name: 1000 * ordered[int(part * (len(ordered) - 1))] for name, part in names.items()} if ordered else {}


def cpu(who):
    usage = resource.getrusage(who)
    return usage.ru_utime + usage.ru_stime


def measure(settings):
    """The account of all clients as a dictionary, with what it took."""
    with Server(settings, "target", "--recovery") as server:
        plan = Plan(
            address=("127.0.0.1", server.port),
            clients=settings.clients,
            messages=settings.messages,
            interval=1 / settings.per_second,
            cut_every=settings.cut_every,
            offline=settings.offline,
            spread=settings.spread,
            seed=settings.seed,
        )
        account = asyncio.run(run(plan))
        if server.process.poll() is not None:
            account.faults.append(f"the server ended with {server.process.returncode}: see {server.log}")
    result = asdict(account)
    result["expected"] = settings.clients * settings.messages
    result["lost"] = result["expected"] - account.delivered
    result["replays"] = len(account.replays)
    result["replay_ms"] = percentiles(account.replays)
    result["server_cpu"] = cpu(resource.RUSAGE_CHILDREN)
    result["client_cpu"] = cpu(resource.RUSAGE_SELF)
    return result


def show(settings, result):
    replay = ", ".join(f"{name} {value:.2f} ms" for name, value in result["replay_ms"].items()) or "none"
    print(
        f"{settings.clients:,} clients, {settings.messages} messages to each at {settings.per_second:g} per second; "
        f"cut by RST about every {settings.cut_every:g} s, offline for {settings.offline:g} s, seed {settings.seed}\n"
        f"delivered  {100 * result['delivered'] / result['expected']:.4f} %: {result['delivered']:,} of "
        f"{result['expected']:,}; lost {result['lost']:,}, repeated or out of order {result['repeated']:,}\n"
        f"cuts       {result['cuts']:,}, and {result['drops']:,} connections that the server ended; "
        f"sessions recovered {result['recovered']:,}, not recovered {result['not_recovered']:,}\n"
        f"replay     {replay}: from CONNECT to the last missed message; {result['replays']:,} replays of "
        f"{result['replayed']:,} messages\n"
        f"CPU        server {result['server_cpu']:.1f} s, clients {result['client_cpu']:.1f} s"
    )
    for fault in result["faults"][:10]:
        print(f"fault      {fault}")


def main():
    settings = arguments()
    settings.output.mkdir(parents=True, exist_ok=True)
    if not settings.target.exists():
        sys.exit(f"{settings.target} is missing: build it with 'swift build -c release --product ConformanceTarget'.")
    raise_descriptor_limit(settings.clients + 500)
    os.sched_setaffinity(0, {settings.load_core})
    # A search through the objects of thousands of clients would stand in the latencies, and find little in a minute.
    gc.disable()
    try:
        result = measure(settings)
    except ServerFailure as failure:
        sys.exit(str(failure))
    show(settings, result)
    (settings.output / "recovery.json").write_text(json.dumps(result, indent=2) + "\n", encoding="utf-8")
    return 1 if result["lost"] or result["repeated"] or result["not_recovered"] or result["faults"] else 0


if __name__ == "__main__":
    sys.exit(main())
