# SPDX-License-Identifier: Apache-2.0
# SPDX-FileCopyrightText: Hibiki contributors
"""Runs commands one after another, shows what they print, counts what passed and failed, and sums it up."""

import os
import pathlib
import re
import subprocess
import time
from dataclasses import dataclass, field

ROOT = pathlib.Path(__file__).resolve().parents[1]


@dataclass
class Stage:
    """A command, how to count its tests, and the stages without which it makes no sense."""

    name: str
    command: list
    count: object = None               # lines -> (passed, failed); None: the stage itself counts as one
    needs: list = field(default_factory=list)
    environment: dict = None
    quiet: bool = False                # show the output of a failure only
    dull: str = None                   # lines that match at their start are shown by their number only
    log: pathlib.Path = None           # where all that it prints is kept
    passed: int = 0
    failed: int = 0
    seconds: float = 0
    ran: bool = False
    faults: list = field(default_factory=list)    # the lines that name a failed test, and the few below each

    def run(self):
        started = time.monotonic()
        lines = []
        process = subprocess.Popen(
            self.command, cwd=ROOT, env=self.environment, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT, text=True, errors="replace")
        show = Show(self)
        if self.log:
            self.log.parent.mkdir(parents=True, exist_ok=True)
        with open(self.log or os.devnull, "w", encoding="utf-8", errors="replace") as log:
            for line in process.stdout:
                lines.append(line.rstrip("\n"))
                log.write(line)
                show(lines[-1])
        status = process.wait()
        if self.quiet and status:
            print("\n".join(lines), flush=True)
        self.ran = True
        self.faults = faults(lines)
        self.seconds = time.monotonic() - started
        self.passed, self.failed = self.count(lines) if self.count else (int(status == 0), int(status != 0))
        if status and not self.failed:
            self.failed = 1            # it ended badly without naming a test: a crash, or a build that failed
        if status and not self.faults and not self.quiet:
            self.faults = ["\n".join([f"ended with status {status}; the last that it said:", *lines[-LINES_OF_AN_END:]])]

    @property
    def good(self):
        return self.ran and not self.failed


class Show:
    """Prints what is worth reading while a stage runs; of the rest, how far it is, every half minute."""

    def __init__(self, stage):
        self.quiet = stage.quiet
        self.dull = stage.dull and re.compile(stage.dull)
        self.hidden = 0
        self.said = time.monotonic()

    def __call__(self, line):
        if self.quiet:
            return
        if not self.dull or not self.dull.match(line):
            print(line, flush=True)
            return
        self.hidden += bool(PASS.match(line))
        if time.monotonic() - self.said >= 30:
            self.said = time.monotonic()
            print(f"  … {self.hidden} passed" if self.hidden else f"  … {line[:110]}", flush=True)


def run(stages, heading=True):
    """Runs all stages; one whose needs failed is left out and counts as one failure."""
    done = {}
    for number, stage in enumerate(stages, 1):
        lacking = [name for name in stage.needs if not done[name].good]
        if heading:
            print(f"\n==> [{number}/{len(stages)}] {stage.name}", flush=True)
        if lacking:
            stage.failed = 1
            print(f"not run: {', '.join(lacking)} failed", flush=True)
        else:
            stage.run()
        done[stage.name] = stage
    return stages


def summary(stages):
    """Prints what failed and one line a stage; returns the closing line and the exit status.

    Whoever reads only the end of a long log finds the reason there.
    """
    for stage in stages:
        for fault in stage.faults[:MOST_FAULTS]:
            print(f"\n[{stage.name}] {fault}")
    width = max(len(stage.name) for stage in stages)
    print(f"\n{'stage':<{width}}  passed  failed  seconds")
    for stage in stages:
        note = "" if stage.good else ("  FAILED" if stage.ran else "  not run")
        if note and stage.ran and stage.log:
            note += f": {stage.log.relative_to(ROOT)}"
        print(f"{stage.name:<{width}} {stage.passed:>7} {stage.failed:>7} {stage.seconds:>8.1f}{note}")
    passed, failed = sum(stage.passed for stage in stages), sum(stage.failed for stage in stages)
    return f"{passed} passed, {failed} failed", int(failed > 0)


# How each tool says what it did

PASS = re.compile(r"\s*(ok\b|✔ (?!Test run\b|Suite\b))")
FAULT = re.compile(r"^\s*(not ok|✖|✘ Test (?!run\b)|FAIL\b|\S+: error: )")
MOST_FAULTS = 10
LINES_OF_A_FAULT = 12
LINES_OF_AN_END = 40


def faults(lines):
    """Each line that names a failed test or an error of the compiler, with those that say why."""
    starts = [at for at, line in enumerate(lines) if FAULT.match(line)]
    ends = starts[1:] + [len(lines)]
    return ["\n".join(lines[at:min(end, at + LINES_OF_A_FAULT)]) for at, end in zip(starts, ends)]


def closing_line(lines):
    """`N passed, N failed`, our own; the last one counts."""
    for line in reversed(lines):
        found = re.fullmatch(r"(\d+) passed, (\d+) failed", line.strip())
        if found:
            return int(found.group(1)), int(found.group(2))
    return 0, 0


def swift_testing(lines):
    """`Test run with N tests in M suites passed …` of Swift Testing, one such line for each test product."""
    total = failed = 0
    for line in lines:
        found = re.search(r"Test run with (\d+) tests?\b.* (?:passed|failed) after", line)
        if found:
            total += int(found.group(1))
        elif re.match(r"^\W*Test (?!run\b|case\b).* failed after ", line):
            failed += 1
    return max(0, total - failed), failed


def node_test(lines):
    """The `pass N` and `fail N` of node --test, whichever reporter printed them."""
    counts = {"pass": 0, "fail": 0}
    for line in lines:
        found = re.match(r"^\S (pass|fail) (\d+)$", line)
        if found:
            counts[found.group(1)] = int(found.group(2))
    return counts["pass"], counts["fail"]
