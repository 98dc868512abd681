# SPDX-License-Identifier: Apache-2.0
# SPDX-FileCopyrightText: Hibiki contributors

"""Measures Hibiki beside Debian's Node `ws`, and its Socket.IO beside python-socketio: see README.md."""

import argparse
import os
import subprocess
import sys
from pathlib import Path

from runner import results
from runner.limits import raise_descriptor_limit
from runner.measure import LoadFailure, measure
from runner.scenario import Kind
from runner.scenarios import SCENARIOS
from runner.servers import ServerFailure

ROOT = Path(__file__).resolve().parent.parent
OUTPUT = ROOT / ".build" / "bench"
CLIENTS = ROOT / "Tests" / "Conformance" / "clients" / "install.sh"
SIDES = ("hibiki", "ws", "floor", "python", "raw")


def arguments():
    parser = argparse.ArgumentParser(description=__doc__)
    cores = sorted(os.sched_getaffinity(0))
    second = cores[min(1, len(cores) - 1)]
    parser.add_argument("--rounds", type=int, default=3, help="runs of each side of each scenario (%(default)s)")
    parser.add_argument("--seconds", type=float, default=3, help="measured in each run (%(default)s)")
    parser.add_argument("--warmup", type=float, default=1.5, help="seconds before that (%(default)s)")
    parser.add_argument("--only", default="", help="names of scenarios, or how they begin, separated by commas")
    parser.add_argument("--sides", default=",".join(SIDES), help="some of %(default)s")
    parser.add_argument("--list", action="store_true", help="print the names of the scenarios and end")
    parser.add_argument("--strict", action="store_true", help="end with status 1 if a goal is not reached")
    parser.add_argument("--hibiki", type=Path, default=ROOT / ".build" / "release" / "hibiki", help="the binary")
    target = ROOT / ".build" / "release" / "ConformanceTarget"
    parser.add_argument("--target", type=Path, default=target, help="the server of the Socket.IO scenarios")
    parser.add_argument("--python", type=Path, default=interpreter(), help="the Python that has python-socketio")
    parser.add_argument("--node", default="node", help="the Node that runs ws (%(default)s)")
    parser.add_argument("--node-path", default="/usr/share/nodejs", help="where its ws is (%(default)s)")
    parser.add_argument("--server-core", type=int, default=cores[0], help="(%(default)s)")
    parser.add_argument("--load-core", type=int, default=second, help="(%(default)s)")
    parser.add_argument("--idle-connections", type=int, default=19000, help="(%(default)s)")
    parser.add_argument("--publications", type=int, default=2000, help="counted for allocations (%(default)s)")
    parser.add_argument("--output", type=Path, default=OUTPUT, help="for logs and results (%(default)s)")
    settings = parser.parse_args()
    settings.load = OUTPUT / "load"
    settings.malloc_count = OUTPUT / "malloc-count.so"
    settings.sides = [side for side in settings.sides.split(",") if side]
    if set(settings.sides) - set(SIDES):
        parser.error(f"--sides takes {', '.join(SIDES)}")
    return settings


def interpreter():
    """Of the environment that CLIENTS makes."""
    return Path(os.environ.get("CLIENTS_HOME", ROOT / ".cache" / "clients")) / "venv" / "bin" / "python"


def chosen(only):
    names = [name for name in only.split(",") if name]
    whole = {scenario.name for scenario in SCENARIOS}
    scenarios = [
        s for s in SCENARIOS
        if not names or s.name in names or any(s.name.startswith(name) for name in names if name not in whole)
    ]
    if not scenarios:
        sys.exit(f"no scenario is named so; there are: {', '.join(s.name for s in SCENARIOS)}")
    return scenarios


def fit_to_descriptors(settings):
    spare = 500
    available = raise_descriptor_limit(settings.idle_connections + spare) - spare
    if available < settings.idle_connections:
        print(f"Only {available:,} idle connections: ulimit -n is too low for {settings.idle_connections:,}.")
        settings.idle_connections = available


def servers(settings, scenarios):
    """The kinds of server that are about to be started."""
    return {side.server for scenario in scenarios for side in scenario.sides if side.name in settings.sides}


def check_tools(settings, needed):
    if settings.server_core == settings.load_core:
        sys.exit("Server and load need a core each; this process may use one only.")
    binaries = {
        "hibiki-echo": settings.hibiki, "hibiki-serve": settings.hibiki, "target": settings.target,
        "floor": settings.output / "floor",
    }  # fmt: skip
    for file in (settings.load, settings.malloc_count, *(binaries[name] for name in needed if name in binaries)):
        if not file.exists():
            sys.exit(f"{file} is missing: run `make bench`, or Benchmarks/run.sh after a release build.")
    if "ws" in needed and not (Path(settings.node_path) / "ws").is_dir():
        sys.exit(f"Node's ws is not in {settings.node_path}: apt-get install node-ws, or --sides hibiki,python,raw.")
    if "python-socketio" in needed and not socketio_version(settings):
        print("Installing python-socketio with the other clients of the tests.", flush=True)
        subprocess.run([str(CLIENTS)], check=False)
        if not socketio_version(settings):
            sys.exit(f"{settings.python} has no python-socketio: run {CLIENTS}, or --sides hibiki,ws,raw.")


def socketio_version(settings):
    """None if it is not there."""
    program = "import aiohttp, socketio; from importlib.metadata import version; print(version('python-socketio'))"
    try:
        return subprocess.check_output([settings.python, "-c", program], stderr=subprocess.DEVNULL, text=True).strip()
    except (OSError, subprocess.CalledProcessError):
        return None


def first_line(*command, **more):
    try:
        done = subprocess.run(command, capture_output=True, text=True, timeout=20, check=False, **more)
        return (done.stdout or done.stderr).strip().split("\n")[0]
    except OSError as error:
        return str(error)


def versions(settings, used):
    found = {}
    if used & {"hibiki-echo", "hibiki-serve"}:
        found["hibiki"] = first_line(str(settings.hibiki), "--version")
    if "python-socketio" in used:
        found["python-socketio"] = socketio_version(settings)
        found["python"] = first_line(str(settings.python), "--version")
    if "ws" in used:
        environment = dict(os.environ, NODE_PATH=settings.node_path)
        found["node"] = first_line(settings.node, "--version")
        found["ws"] = first_line(settings.node, "-p", "require('ws/package.json').version", env=environment)
    return found


def run_once(settings, scenario, side):
    try:
        return measure(settings, scenario, side)
    except (LoadFailure, ServerFailure) as failure:
        return {"failure": str(failure)}


def run_scenario(settings, scenario):
    """The sides in turn, so that a change of the machine's mood meets both."""
    runs = {name: [] for name in ("hibiki", *scenario.family.neighbours)}
    rounds = 1 if scenario.kind is Kind.ALLOCATIONS else settings.rounds
    for _ in range(rounds):
        for side in scenario.sides:
            if side.name in settings.sides:
                run = run_once(settings, scenario, side)
                runs[side.name].append(run)
                print(f"{scenario.name:<18} {side.name:<7} {results.describe(scenario, run)}", flush=True)
    return runs


def main():
    settings = arguments()
    scenarios = chosen(settings.only)
    if settings.list:
        print("\n".join(f"{s.name:<18} {s.title}" for s in scenarios))
        return 0
    settings.output.mkdir(parents=True, exist_ok=True)
    needed = servers(settings, scenarios)
    check_tools(settings, needed)
    fit_to_descriptors(settings)
    used = versions(settings, needed)
    print(", ".join(f"{name} {version}" for name, version in used.items()))
    busy = os.getloadavg()[0]
    if busy > 1:
        print(f"Others use this machine (load average {busy:.1f}): CPU seconds hold, latencies and per-second do not.")
    measured = {}
    for scenario in scenarios:
        measured[scenario] = run_scenario(settings, scenario)
        results.save(settings.output, measured, used)
    print(f"\n{results.aligned(measured)}\n\nIn {settings.output}: results.json, results.md")
    failed = any("failure" in run for runs in measured.values() for side in runs.values() for run in side)
    missed = any(results.reached(scenario, runs) is False for scenario, runs in measured.items())
    return 1 if failed or (settings.strict and missed) else 0


if __name__ == "__main__":
    sys.exit(main())
