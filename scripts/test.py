# SPDX-License-Identifier: Apache-2.0
# SPDX-FileCopyrightText: Hibiki contributors
"""All tests, for `make test`: lint, Swift, the release build, the web clients, and the conformance suites.

Each stage runs even where one before it failed, unless it needs that one. The closing line, `N passed, N failed`, is
the sum over the stages; it is the last line printed and stands in .build/test-result.txt too.
"""

import sys

import stages

CHECKED = ["--explicit-target-dependency-import-check", "error"]
SWIFT_TEST = ["swift", "test", "--skip-build", *CHECKED]
GROUND_FLOOR = "Hibiki(Wire|WebSocketCodec|SocketIOCodec|Yjs|OT)Tests"


def web_tests():
    """The tests of the web clients that need no server; the conformance suites `browser` and `tokens` run the others."""
    return sorted(
        str(path.relative_to(stages.ROOT)) for path in (stages.ROOT / "Web" / "test").glob("*.test.*js")
        if not path.name.startswith("live"))


def everything():
    python = [sys.executable, "-B"]
    return [
        stages.Stage("lint", [*python, "scripts/lint.py"], stages.closing_line),
        stages.Stage("web clients", ["node", "--test", *web_tests()], stages.node_test),
        stages.Stage("debug build", ["swift", "build", "--build-tests", *CHECKED]),
        # Tests of the ground floor compute without a pause; beside them those that talk over a network would wait for
        # seconds between two steps, and meet the time limits that they set.
        stages.Stage(
            "ground floor", [*SWIFT_TEST, "--filter", GROUND_FLOOR], stages.swift_testing, ["debug build"]),
        stages.Stage("other floors", [*SWIFT_TEST, "--skip", GROUND_FLOOR], stages.swift_testing, ["debug build"]),
        stages.Stage("release build", ["scripts/release.sh", "hibiki", "ConformanceTarget"]),
        stages.Stage("conformance", [*python, "Tests/Conformance/run.py"], stages.closing_line, ["release build"]),
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
