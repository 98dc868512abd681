# SPDX-License-Identifier: Apache-2.0
# SPDX-FileCopyrightText: Hibiki contributors
"""The counts of each tool are read as it prints them, and no failure is lost in the sum."""

import contextlib
import io
import pathlib
import sys
import tempfile
import unittest

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1]))

import stages  # noqa: E402

SWIFT = """\
✔ Test "has a name" passed after 0.001 seconds.
✘ Test "a thing holds" recorded an issue with 1 argument n → 2 at T.swift:4:63: Expectation failed: (n → 2) == 1
✘ Test case passing 1 argument n → 2 to "a thing holds" failed after 0.001 seconds.
✘ Test "a thing holds" with 2 test cases failed after 0.001 seconds with 1 issue.
✘ Test plain() failed after 0.001 seconds with 1 issue.
✘ Suite "Some things" failed after 0.001 seconds with 2 issues.
✘ Test run with 4 tests in 1 suite failed after 0.001 seconds with 2 issues.
"""


class Stages(unittest.TestCase):
    def run_stages(self, *list_of):
        """(closing line, status, everything printed)"""
        output = io.StringIO()
        with contextlib.redirect_stdout(output):
            closing, status = stages.summary(stages.run(list(list_of)))
        return closing, status, output.getvalue()

    def shell(self, name, script, count=None, **options):
        return stages.Stage(name, ["sh", "-c", script], count, **options)

    def test_swift_testing_is_counted(self):
        self.assertEqual(stages.swift_testing(SWIFT.splitlines()), (2, 2))
        good = "✔ Test run with 12 tests in 3 suites passed after 1 seconds."
        self.assertEqual(stages.swift_testing([good]), (12, 0))

    def test_node_is_counted_with_either_reporter(self):
        self.assertEqual(stages.node_test(["ok 3 - pass 5", "# pass 2", "# fail 1"]), (2, 1))
        self.assertEqual(stages.node_test(["✔ pass 5 things (1 ms)", "ℹ pass 2", "ℹ fail 0"]), (2, 0))

    def test_the_last_closing_line_counts(self):
        self.assertEqual(stages.closing_line(["1 passed, 0 failed", "3 passed, 4 failed", "bye"]), (3, 4))
        self.assertEqual(stages.closing_line(["nothing"]), (0, 0))

    def test_the_sum_over_stages(self):
        closing, status, _ = self.run_stages(
            self.shell("a", "echo 3 passed, 0 failed", stages.closing_line), self.shell("b", "true"))
        self.assertEqual((closing, status), ("4 passed, 0 failed", 0))

    def test_what_is_dull_is_kept_and_not_shown_and_what_fails_is_shown_twice(self):
        with tempfile.TemporaryDirectory(dir=stages.ROOT) as folder:
            log = pathlib.Path(folder) / "logs" / "a.log"
            script = "echo '  ok a'; echo '  FAIL b'; echo '  ok c'; echo 2 passed, 1 failed; exit 1"
            _, _, output = self.run_stages(self.shell("a", script, stages.closing_line, dull="  ok", log=log))
            self.assertEqual(log.read_text(), "  ok a\n  FAIL b\n  ok c\n2 passed, 1 failed\n")
        self.assertEqual(output.count("FAIL b"), 2)
        self.assertTrue(output.startswith("\n==> [1/1] a\n  FAIL b\n2 passed, 1 failed\n"), output)
        self.assertIn(f"FAILED: {log.relative_to(stages.ROOT)}", output)

    def test_a_crash_shows_the_last_that_was_said(self):
        _, _, output = self.run_stages(self.shell("a", "echo ok 1; echo oh; exit 9", dull="ok"))
        self.assertIn("[a] ended with status 9; the last that it said:\nok 1\noh\n", output)

    def test_a_crash_without_a_count_is_a_failure(self):
        closing, status, _ = self.run_stages(self.shell("a", "echo 3 passed, 0 failed; exit 9", stages.closing_line))
        self.assertEqual((closing, status), ("3 passed, 1 failed", 1))

    def test_a_stage_whose_needs_failed_is_not_run_and_counts_as_failed(self):
        closing, status, output = self.run_stages(
            self.shell("build", "exit 1"), self.shell("tests", "echo never", needs=["build"]),
            self.shell("rest", "true"))
        self.assertEqual((closing, status), ("1 passed, 2 failed", 1))
        self.assertIn("not run: build failed", output)
        self.assertNotIn("never", output)

    def test_a_quiet_stage_speaks_only_when_it_fails(self):
        output = self.run_stages(
            self.shell("good", "echo unheard", quiet=True), self.shell("bad", "echo heard; exit 1", quiet=True))[2]
        self.assertNotIn("unheard", output)
        self.assertIn("heard\n", output)

    def test_what_failed_stands_again_above_the_sum(self):
        script = "echo 'not ok 3 - a thing'; echo why; seq 99; echo 0 passed, 1 failed"
        output = self.run_stages(self.shell("a", script, stages.closing_line))[2]
        self.assertIn("[a] not ok 3 - a thing\nwhy\n", output)
        self.assertEqual(len(stages.faults(SWIFT.splitlines())), 4)
        self.assertEqual(stages.faults(["a/B.swift:3:1: error: no such thing", "FAIL  1 s  x", "  ok", "FAILING"]),
            ["a/B.swift:3:1: error: no such thing", "FAIL  1 s  x\n  ok\nFAILING"])


if __name__ == "__main__":
    unittest.main()
