# SPDX-License-Identifier: Apache-2.0
# SPDX-FileCopyrightText: Hibiki contributors
"""Runs the conformance suites against the release binary: run.py [SUITE…] [-k TEXT] [--list]

A suite is a folder here with a `suite.py`, a `unittest` module which starts the servers that it needs with
`support.server.Server`. Its first lines may say, as literals:

    TIMEOUT = 120      # seconds for the whole suite, after which it fails (300)
    CLIENTS = True     # runs in the Python environment of clients/install.sh (False); a name for another one of its

Each suite runs in a process of its own, one after another. HIBIKI_BIN names another binary than .build/release/hibiki.
The last line is `N passed, N failed`; the exit status is 0 when nothing failed.
"""

import argparse
import ast
import json
import os
import pathlib
import signal
import subprocess
import sys
import tempfile
import time

HERE = pathlib.Path(__file__).resolve().parent
CACHE = HERE.parents[1] / ".cache"
sys.dont_write_bytecode = True
sys.path.insert(0, str(HERE))

from support.server import ServerError, binary  # noqa: E402


class Suite:
    def __init__(self, path):
        self.name = path.parent.name
        tree = ast.parse(path.read_text())
        self.about = (ast.get_docstring(tree) or "").split("\n")[0]
        said = {
            node.targets[0].id: node.value
            for node in tree.body
            if isinstance(node, ast.Assign) and isinstance(node.targets[0], ast.Name)
        }
        self.timeout = ast.literal_eval(said["TIMEOUT"]) if "TIMEOUT" in said else 300
        self.clients = ast.literal_eval(said["CLIENTS"]) if "CLIENTS" in said else False

    def python(self):
        """The interpreter that the suite runs in; makes its environment where it is missing."""
        if not self.clients:
            return sys.executable
        home = pathlib.Path(os.environ.get("CLIENTS_HOME") or CACHE / "clients")
        subprocess.run(["sh", str(HERE / "clients" / "install.sh"), str(home)], check=True)
        folder = "venv" if self.clients is True else f"venv-{self.clients}"
        return str(home / folder / "bin" / "python")

    def run(self, patterns):
        """Its counts; a suite that is broken or late counts as one failure more."""
        with tempfile.TemporaryDirectory() as directory:
            counts = pathlib.Path(directory) / "counts.json"
            try:
                python = self.python()
            except (OSError, subprocess.CalledProcessError) as error:
                print(f"  FAIL the environment of the suite: {error}", flush=True)
                return {"passed": 0, "failed": 1, "skipped": 0}
            child = subprocess.Popen(
                [python, "-B", "-W", "ignore::ResourceWarning", str(HERE / "support" / "child.py"), self.name,
                 str(counts), *patterns],
                stdin=subprocess.DEVNULL, start_new_session=True,
            )
            note = self.wait(child)
            result = {"passed": 0, "failed": 0, "skipped": 0}
            if counts.exists():
                result.update(json.loads(counts.read_text()))
            elif not note:
                note = f"ended with status {child.returncode} before it was done"
            if note:
                result["failed"] += 1
                print(f"  FAIL {note}", flush=True)
            return result

    def wait(self, child):
        """Waits for the child, at most `timeout`; then ends its whole session, servers included."""
        try:
            if child.wait(self.timeout) not in (0, 1):
                end_session(child)     # it crashed, and its servers may still be there
            return ""
        except subprocess.TimeoutExpired:
            end_session(child)
            return f"not done within {self.timeout} s"
        except BaseException:
            end_session(child)
            raise


def end_session(child):
    """SIGTERM to the session that this child leads, SIGKILL after five seconds."""
    for number in (signal.SIGTERM, signal.SIGKILL):
        try:
            os.killpg(child.pid, number)
        except ProcessLookupError:
            return
        try:
            child.wait(5)
        except subprocess.TimeoutExpired:
            continue


def find():
    return {path.parent.name: Suite(path) for path in sorted(HERE.glob("*/suite.py"))}


def summary(results):
    print("\nsuite              passed  failed  skipped  seconds")
    for name, (counts, seconds) in results.items():
        print(f"{name:<17} {counts['passed']:>7} {counts['failed']:>7} {counts['skipped']:>8} {seconds:>8.1f}")
    passed = sum(counts["passed"] for counts, _ in results.values())
    failed = sum(counts["failed"] for counts, _ in results.values())
    print(f"\n{passed} passed, {failed} failed", flush=True)
    return 1 if failed or not results else 0


def main():
    parser = argparse.ArgumentParser(description="Runs the conformance suites against the release binary.")
    parser.add_argument("suites", nargs="*", metavar="SUITE")
    parser.add_argument("-k", action="append", default=[], metavar="TEXT", help="only tests whose title holds TEXT")
    parser.add_argument("--list", action="store_true", help="name the suites")
    options = parser.parse_args()
    suites = find()
    if options.list:
        for suite in suites.values():
            print(f"{suite.name:<12} {suite.about}")
        return 0
    unknown = [name for name in options.suites if name not in suites]
    if unknown:
        parser.error(f"no suite {unknown[0]}; there are {', '.join(suites)}")
    try:
        print(f"against {binary()}", flush=True)
    except ServerError as error:
        print(f"{error}\n\n0 passed, 1 failed")
        return 1
    results = {}
    chosen = options.suites or list(suites)
    for number, name in enumerate(chosen, 1):
        print(f"\n[{number}/{len(chosen)}] {name}: {suites[name].about}", flush=True)
        started = time.monotonic()
        results[name] = (suites[name].run(options.k), time.monotonic() - started)
    return summary(results)


if __name__ == "__main__":
    sys.exit(main())
