# SPDX-License-Identifier: Apache-2.0
# SPDX-FileCopyrightText: Hibiki contributors

"""Holds many idle WebSockets on this machine, and prints what they cost: memory, and processor time at rest with
heartbeats. See README.md."""

import argparse
import os
import sys
from pathlib import Path

from runner import holding
from runner.limits import raise_descriptor_limit
from runner.measure import LoadFailure
from runner.servers import ServerFailure

ROOT = Path(__file__).resolve().parent.parent
OUTPUT = ROOT / ".build" / "bench"


def arguments():
    parser = argparse.ArgumentParser(description=__doc__)
    cores = sorted(os.sched_getaffinity(0))
    second = cores[min(1, len(cores) - 1)]
    parser.add_argument("--connections", type=int, default=50_000, help="(%(default)s)")
    parser.add_argument("--seconds", type=float, default=60, help="at rest (%(default)s)")
    parser.add_argument("--http2", action="store_true", help="streams of HTTP/2 over TLS, 100 for each connection")
    parser.add_argument("--hibiki", type=Path, default=ROOT / ".build" / "release" / "hibiki", help="the binary")
    parser.add_argument("--server-core", type=int, default=cores[0], help="of all server processes (%(default)s)")
    parser.add_argument("--load-core", type=int, default=second, help="(%(default)s)")
    parser.add_argument("--output", type=Path, default=OUTPUT, help="for logs and hold.json (%(default)s)")
    settings = parser.parse_args()
    settings.load = OUTPUT / "load"
    if settings.connections < 1:
        parser.error("--connections has to be above 0")
    return settings


def main():
    settings = arguments()
    for file in (settings.load, settings.hibiki):
        if not file.exists():
            sys.exit(f"{file} is missing: run `make bench-idle`, or Benchmarks/run.sh --hold after a release build.")
    settings.output.mkdir(parents=True, exist_ok=True)
    settings.descriptors = raise_descriptor_limit(settings.connections + holding.SPARE)
    if not settings.http2 and settings.descriptors < settings.connections + holding.SPARE:
        print(
            f"A process may have {settings.descriptors:,} files open here, and no more (the hard limit of "
            "RLIMIT_NOFILE): the connections are shared among several server processes.", flush=True
        )  # fmt: skip
    try:
        result = holding.hold(settings, lambda words: print(words, flush=True))
    except (LoadFailure, ServerFailure) as failure:
        sys.exit(str(failure))
    print(f"\n{holding.text(result)}")
    holding.save(settings.output / "hold.json", result)
    return 0 if holding.summary(result)["held"] == settings.connections else 1


if __name__ == "__main__":
    sys.exit(main())
