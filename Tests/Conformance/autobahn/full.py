# SPDX-License-Identifier: Apache-2.0
# SPDX-FileCopyrightText: Hibiki contributors
"""Runs all cases of the Autobahn suite against `hibiki echo` and writes Documentation/autobahn.md: full.py [CASE…]

Some ten minutes. The exit status is 0 when nothing failed and nothing was unimplemented; the page is written either
way, unless only some cases were chosen.
"""

import collections
import json
import pathlib
import subprocess
import sys

HERE = pathlib.Path(__file__).resolve().parent
sys.path.append(str(HERE.parent))        # at the end: this folder's name is that of a package in the suite

from support.server import ROOT, Server  # noqa: E402

PAGE = ROOT / "Documentation" / "autobahn.md"
REPORTS = ROOT / ".build" / "autobahn" / "full"
LIMITS = ["--max-message", "16777216", "--max-fragments", "65537"]
OUTCOMES = ["OK", "NON-STRICT", "INFORMATIONAL", "UNIMPLEMENTED", "FAILED"]
CATEGORIES = {
    "1": "framing",
    "2": "pings and pongs",
    "3": "reserved bits",
    "4": "opcodes",
    "5": "fragmentation",
    "6": "UTF-8",
    "7": "closing handshake",
    "9": "limits and performance",
    "10": "automatic fragmentation",
    "12": "permessage-deflate, kinds of data",
    "13": "permessage-deflate, parameters",
}


def tally(index):
    """{category: Counter of outcomes} of a run's index."""
    counts = {category: collections.Counter() for category in CATEGORIES}
    for case, entry in index.items():
        counts[case.split(".")[0]][entry["behavior"]] += 1
    return counts


def row(cells):
    return "| " + " | ".join(str(cell) for cell in cells) + " |"


def page(index, summary, version):
    counts = tally(index)
    total = sum(counts.values(), collections.Counter())
    lines = [
        "<!-- SPDX-License-Identifier: Apache-2.0 -->",
        "<!-- SPDX-FileCopyrightText: Hibiki contributors -->",
        "",
        "# Autobahn",
        "",
        f"All {summary['run']} cases of the Autobahn test suite {summary['suite']} against `hibiki echo` ({version}),",
        "one at a time. `make autobahn` runs them and writes this page; `make test` runs the quick set and some of the",
        "rest.",
        "",
        row(["category", "", "cases", *(outcome.lower() for outcome in OUTCOMES)]),
        row(["---", "---", *["--:"] * (1 + len(OUTCOMES))]),
    ]
    for category, about in CATEGORIES.items():
        found = counts[category]
        lines.append(row([f"{category}.*", about, sum(found.values()), *(found[outcome] for outcome in OUTCOMES)]))
    lines.append(row(["all", "", sum(total.values()), *(total[outcome] for outcome in OUTCOMES)]))
    closing = ", ".join(f"{count} {name.lower()}" for name, count in summary["behaviorClose"].items() if count)
    lines += ["", f"How the connections ended: {closing}."]
    odd = [case for case in summary["notOK"] if case not in summary["failed"]]
    if odd:
        lines += ["", f"Not `OK` and not failed: {', '.join(odd)}. The suite calls 7.1.6, 7.13.1 and 7.13.2",
                  "informational for every server."]
    if summary["failed"]:
        lines += ["", f"Failed: {', '.join(summary['failed'])}."]
    if summary["flaky"]:
        lines += ["", f"Good only when run again: {', '.join(summary['flaky'])}."]
    return "\n".join(lines) + "\n"


def main():
    chosen = sys.argv[1:]
    subprocess.run(["sh", HERE / "install.sh"], check=True)
    with Server(*LIMITS, mode="echo") as server:
        version = subprocess.run(
            [server.command[0], "--version"], capture_output=True, text=True, timeout=10).stdout.strip()
        status = subprocess.run(
            ["sh", HERE / "run.sh", "--agent", "hibiki", "--retries", "1", "--fail-on", "UNIMPLEMENTED",
             "--outdir", REPORTS, server.ws, *chosen]).returncode
    if status in (0, 1) and not chosen:
        index = json.loads((REPORTS / "index.json").read_text())["hibiki"]
        summary = json.loads((REPORTS / "summary.json").read_text())
        PAGE.write_text(page(index, summary, f"version {version}" if version else "release build"))
        print(f"written: {PAGE.relative_to(ROOT)}")
    return status


if __name__ == "__main__":
    sys.exit(main())
