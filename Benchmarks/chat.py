# SPDX-License-Identifier: Apache-2.0
# SPDX-FileCopyrightText: Hibiki contributors

"""Durable messages per second on SQLite and PostgreSQL, beside one INSERT per commit on the same database in the same run.
The exit status is 1 if the goal is not reached and --strict is given. See README.md."""

import argparse
import json
import os
import subprocess
import sys
import tempfile
from pathlib import Path
from statistics import median

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT / "Tests" / "Conformance"))

from support.postgres import Postgres, PostgresFailure  # noqa: E402

# Group commit at 500 senders, as many times as one INSERT per commit.
GOAL = 10


def arguments():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--senders", type=int, nargs="+", default=[1, 50, 500], help="people who send (%(default)s)")
    parser.add_argument("--rooms", type=int, default=10, help="that they share (%(default)s)")
    parser.add_argument("--seconds", type=int, default=5, help="of each measurement (%(default)s)")
    parser.add_argument("--rounds", type=int, default=3, help="measurements of each kind (%(default)s)")
    parser.add_argument("--history", type=int, default=0, metavar="MESSAGES",
                        help="also read pages of 50 from a room of so many; a million take some minutes to write")
    parser.add_argument("--databases", nargs="+", default=["sqlite", "postgres"], choices=["sqlite", "postgres"])
    parser.add_argument("--folder", default="/var/tmp", help="on the disk that is measured (%(default)s)")
    parser.add_argument("--binary", type=Path, default=ROOT / ".build" / "release" / "ChatBench")
    parser.add_argument("--output", type=Path, default=ROOT / ".build" / "bench", help="for chat.json and chat.md")
    parser.add_argument("--strict", action="store_true", help="fail when the goal is not reached")
    settings = parser.parse_args()
    if min(*settings.senders, settings.rooms, settings.seconds, settings.rounds) <= 0:
        parser.error("numbers have to be above 0")
    return settings


def rates(settings):
    words = ["--rooms", settings.rooms, "--seconds", settings.seconds, "--rounds", settings.rounds]
    for count in settings.senders:
        words += ["--senders", count]
    return words


def measure(settings, *words):
    """The results of one database, as its lines come."""
    command = [settings.binary, *words]
    results = []
    with subprocess.Popen([str(word) for word in command], stdout=subprocess.PIPE, text=True) as process:
        for line in process.stdout:
            results.append(json.loads(line))
            print(".", end="", file=sys.stderr, flush=True)
    print(file=sys.stderr)
    if process.returncode:
        sys.exit(f"the benchmark ended with {process.returncode}")
    return results


def spread(values, form):
    """The median, with the least and the most behind it."""
    text = form.format(median(values))
    return text if len(values) == 1 else f"{text} ({form.format(min(values))}–{form.format(max(values))})"


def table(results):
    """Markdown, and whether the goal is reached on each database."""
    lines = ["| database | senders | one INSERT per commit, per s | p50, p99 ms | chat, per s | p50, p99 ms | ratio |",
             "|---|---|---|---|---|---|---|"]
    reached = {}
    for database, senders in dict.fromkeys((row["database"], row["senders"]) for row in results):
        cells, rates = [], {}
        for way in ("plain", "chat"):
            rows = [row for row in results if (row["database"], row["senders"], row["way"]) == (database, senders, way)]
            rates[way] = median(row["perSecond"] for row in rows)
            cells.append(spread([row["perSecond"] for row in rows], "{:,.0f}"))
            cells.append(", ".join(f"{median(row[part] for row in rows):.2f}" for part in ("p50", "p99")))
        ratio = rates["chat"] / rates["plain"] if rates["plain"] else 0
        lines.append(f"| {database} | {senders} | {' | '.join(cells)} | {ratio:.2f} |")
        if senders == 500:
            reached[database] = ratio >= GOAL
    return "\n".join(lines), reached


def table_of_pages(results, messages):
    lines = [f"| database | 50 of {messages:,} messages | p50 ms | p99 ms |", "|---|---|---|---|"]
    lines += [f"| {row['database']} | {row['way']} | {row['p50']:.2f} | {row['p99']:.2f} |" for row in results]
    return "\n".join(lines)


def main():
    settings = arguments()
    if not settings.binary.exists():
        sys.exit(f"{settings.binary} is missing: build it with 'scripts/release.sh ChatBench'.")
    settings.output.mkdir(parents=True, exist_ok=True)
    results, pages = [], []
    with tempfile.TemporaryDirectory(prefix="hibiki-bench-", dir=settings.folder) as folder:
        # PostgreSQL runs as another user and has to get through to its own folder.
        os.chmod(folder, 0o755)
        if "sqlite" in settings.databases:
            results += measure(settings, "--sqlite", f"{folder}/bench.sqlite", *rates(settings))
            if settings.history:
                pages += measure(settings, "--sqlite", f"{folder}/pages.sqlite", "--history", settings.history)
        if "postgres" in settings.databases:
            try:
                with Postgres(folder) as server:
                    results += measure(settings, "--postgres", server.address, *rates(settings))
                if settings.history:
                    with Postgres(folder, "pages") as server:
                        pages += measure(settings, "--postgres", server.address, "--history", settings.history)
            except PostgresFailure as failure:
                sys.exit(str(failure))
    text, reached = table(results)
    if pages:
        text += "\n\n" + table_of_pages(pages, settings.history)
    print(text)
    for database, is_reached in reached.items():
        print(f"goal: {GOAL} times as many at 500 senders on {database}: {'reached' if is_reached else 'missed'}")
    (settings.output / "chat.json").write_text(json.dumps(results + pages, indent=2) + "\n", encoding="utf-8")
    (settings.output / "chat.md").write_text(text + "\n", encoding="utf-8")
    return 1 if settings.strict and not all(reached.values()) else 0


if __name__ == "__main__":
    sys.exit(main())
