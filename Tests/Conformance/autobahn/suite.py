# SPDX-License-Identifier: Apache-2.0
# SPDX-FileCopyrightText: Hibiki contributors
"""The Autobahn test suite against `hibiki echo`: the quick set, and some cases of each expensive category."""

import json
import pathlib
import subprocess
import unittest

from support.server import ROOT, Server

TIMEOUT = 240

HERE = pathlib.Path(__file__).resolve().parent
REPORTS = ROOT / ".build" / "autobahn"
LIMITS = ["--max-message", "16777216", "--max-fragments", "65537"]
# The largest message and the most fragments of category 9, and each kind of data and of window in 12 and 13.
EXPENSIVE = [
    "9.1.6", "9.2.6", "9.3.1", "9.4.1", "9.7.1",
    "12.1.1", "12.1.10", "12.2.5", "12.3.5", "12.4.10", "12.5.5",
    "13.1.5", "13.2.5", "13.3.5", "13.4.5", "13.5.5", "13.6.5", "13.7.5",
]


def setUpModule():
    subprocess.run(["sh", HERE / "install.sh"], check=True)


class Autobahn(unittest.TestCase):
    def run_cases(self, name, options, cases=()):
        """Runs the cases against a server of their own; returns the summary."""
        with Server(*LIMITS, mode="echo") as server:
            done = subprocess.run(
                ["sh", HERE / "run.sh", "--quiet", "--agent", "hibiki", "--retries", "1", "--cap", "60",
                 "--fail-on", "UNIMPLEMENTED", "--outdir", REPORTS / name, *options, server.ws, *cases],
                stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True,
            )
            self.assertEqual(done.returncode, 0, "\n" + done.stdout)
            self.assertTrue(server.alive())
        return json.loads((REPORTS / name / "summary.json").read_text())

    def check(self, summary, cases):
        self.assertEqual(summary["run"], cases)
        self.assertEqual(summary["failed"] + summary["notRun"], [])
        self.assertEqual((summary["behavior"]["FAILED"], summary["behavior"]["UNIMPLEMENTED"]), (0, 0))

    def test_quick(self):
        """all 247 cases of the quick set: nothing fails, nothing is unimplemented"""
        self.check(self.run_cases("quick", ["--quick", "--jobs", "8"]), 247)

    def test_expensive(self):
        """large messages, many fragments, and permessage-deflate with every window: nothing fails"""
        self.check(self.run_cases("expensive", [], EXPENSIVE), len(EXPENSIVE))
