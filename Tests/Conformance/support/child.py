# SPDX-License-Identifier: Apache-2.0
# SPDX-FileCopyrightText: Hibiki contributors
"""Runs the tests of one suite in this process: child.py SUITE COUNTS [PATTERN…]; COUNTS is a file for the counts."""

import importlib
import json
import pathlib
import sys
import time
import traceback
import unittest

CONFORMANCE = pathlib.Path(__file__).resolve().parents[1]


def title(test):
    """The docstring's first line, or else the method's name as a sentence."""
    name = str(test.id()).rpartition(".")[2] if isinstance(test, unittest.TestCase) else str(test)
    return test.shortDescription() or name.removeprefix("test_").replace("_", " ")


class Result(unittest.TestResult):
    """One line a test; the reason of a failure stands right below its line."""

    passes = 0
    faults = 0

    def startTest(self, test):
        super().startTest(test)
        self.started = time.monotonic()
        self.broken = False

    def line(self, mark, test, note=""):
        seconds = time.monotonic() - getattr(self, "started", time.monotonic())
        print(f"  {mark:<4} {seconds:6.2f} s  {title(test)}{note}", flush=True)

    def addSuccess(self, test):
        super().addSuccess(test)
        self.passes += 1
        self.line("ok", test)

    def addSkip(self, test, reason):
        super().addSkip(test, reason)
        self.line("skip", test, f" ({reason})")

    def addFailure(self, test, error):
        super().addFailure(test, error)
        self.fault(test, error)

    def addError(self, test, error):
        super().addError(test, error)
        self.fault(test, error)

    def addSubTest(self, test, subtest, error):
        super().addSubTest(test, subtest, error)
        if error is not None:
            self.fault(test, error, f" [{subtest._subDescription()}]", again=self.broken)
            self.broken = True

    def fault(self, test, error, note="", again=False):
        if not again:
            self.faults += 1
        self.line("FAIL", test, note)
        text = "".join(traceback.format_exception(*error))
        print("\n".join("         " + line for line in text.splitlines()), flush=True)


def select(suite, patterns):
    """The tests whose title or id holds one of the patterns; all of them without a pattern."""
    for test in suite:
        if isinstance(test, unittest.TestSuite):
            yield from select(test, patterns)
        elif not patterns or any(p.lower() in (title(test) + " " + test.id()).lower() for p in patterns):
            yield test


def main(name, counts, *patterns):
    sys.path.insert(0, str(CONFORMANCE))
    sys.path.append(str(CONFORMANCE / name))
    module = importlib.import_module(f"{name}.suite")
    chosen = list(select(unittest.defaultTestLoader.loadTestsFromModule(module), patterns))
    result = Result()
    unittest.TestSuite(chosen).run(result)
    pathlib.Path(counts).write_text(json.dumps(
        {"passed": result.passes, "failed": result.faults, "skipped": len(result.skipped)}))
    return 1 if result.faults or not result.testsRun else 0


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
