# SPDX-License-Identifier: Apache-2.0
# SPDX-FileCopyrightText: Hibiki contributors
"""All tests, for `make test`: lint, Swift, the release build, the web clients, and the conformance suites.

Each stage runs even where one before it failed, unless it needs that one. The closing line, `N passed, N failed`, is
the sum over the stages; it is the last line printed and stands in .build/test-result.txt too. All that a stage prints
is kept in .build/test-logs; what fails is shown at once, and again above the sum.
"""

import sys

import stages

CHECKED = ["--explicit-target-dependency-import-check", "error"]
# What of each tool's output is not worth reading when all is well: anything but the lines that begin so
NODE_DULL = r"(?!not ok|✖|\S (pass|fail) \d)"
BUILD_DULL = r"(?!.*\berror: |Build complete)"
SWIFT_DULL = r"(?!✘|.*\berror: |.*Fatal error|\W*Test run with)"
CONFORMANCE_DULL = r"  ok "
LOGS = stages.ROOT / ".build" / "test-logs"
SWIFT_TEST = ["swift", "test", "--skip-build", *CHECKED]
GROUND_FLOOR = "Hibiki(Wire|WebSocketCodec|SocketIOCodec|Yjs|OT|Chat)Tests"
STORAGE = "Hibiki(SQL|Postgres|Uploads)Tests"


def web_tests():
    """The tests of the web clients that need no server; the conformance suites `browser` and `tokens` run the others."""
    return sorted(
        str(path.relative_to(stages.ROOT)) for path in (stages.ROOT / "Web" / "test").glob("*.test.*js")
        if not path.name.startswith("live"))


def everything():
    python = [sys.executable, "-B"]

    def stage(name, command, *details, dull=None):
        return stages.Stage(name, command, *details, dull=dull, log=LOGS / f"{name.replace(' ', '-')}.log")

    return [
        stage("lint", [*python, "scripts/lint.py"], stages.closing_line),
        stage("web clients", ["node", "--test", *web_tests()], stages.node_test, dull=NODE_DULL),
        stage("debug build", ["swift", "build", "--build-tests", *CHECKED], dull=BUILD_DULL),
        # Tests of the ground floor compute without a pause, and those of storage wait for a disk; beside them those that
        # talk over a network would wait for seconds between two steps, and meet the time limits that they set.
        stage(
            "ground floor", [*SWIFT_TEST, "--filter", GROUND_FLOOR], stages.swift_testing, ["debug build"],
            dull=SWIFT_DULL),
        stage(
            "storage", [*SWIFT_TEST, "--filter", STORAGE], stages.swift_testing, ["debug build"], dull=SWIFT_DULL),
        stage(
            "other floors", [*SWIFT_TEST, "--skip", f"{GROUND_FLOOR}|{STORAGE}"], stages.swift_testing, ["debug build"],
            dull=SWIFT_DULL),
        stage("release build", ["scripts/release.sh", "hibiki", "ConformanceTarget"], dull=BUILD_DULL),
        stage(
            "conformance", [*python, "Tests/Conformance/run.py"], stages.closing_line, ["release build"],
            dull=CONFORMANCE_DULL),
    ]


def main():
    closing, status = stages.summary(stages.run(everything()))
    result = stages.ROOT / ".build" / "test-result.txt"
    result.parent.mkdir(exist_ok=True)
    result.write_text(closing + "\n")
    print(f"\n{closing}", flush=True)
    return status


if __name__ == "__main__":
    sys.exit(main())
