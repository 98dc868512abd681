# SPDX-License-Identifier: Apache-2.0
# SPDX-FileCopyrightText: Hibiki contributors
"""Checks every file for its two header lines, and Swift and C for words that end the process or put work off.

A word that must stand gets a row in ALLOWED, with its reason.
"""

import pathlib
import re
import subprocess
import sys

HEADER = ("SPDX-License-Identifier: Apache-2.0", "SPDX-FileCopyrightText: Hibiki contributors")
WITH_HEADER = {".swift", ".py", ".sh", ".js", ".mjs", ".cjs", ".ts", ".css", ".html", ".c", ".h", ".proto", ".yml"}
WITH_HEADER_BY_NAME = {"Makefile", "run", "module.modulemap"}
GENERATED = re.compile(r"\.pb\.swift$")

FORBIDDEN = {
    "try!": re.compile(r"\btry!"),
    "as!": re.compile(r"\bas!"),
    "fatalError(": re.compile(r"\bfatalError\("),
    "preconditionFailure(": re.compile(r"\bpreconditionFailure\("),
    "TODO": re.compile(r"\bTODO\b"),
    "FIXME": re.compile(r"\bFIXME\b"),
}

# (path, word): why it may stand there
ALLOWED = {}


def files(root):
    """What git knows or would add, as paths relative to root."""
    listed = subprocess.run(
        ["git", "-C", str(root), "ls-files", "--cached", "--others", "--exclude-standard", "-z"],
        capture_output=True, check=True, text=True).stdout
    return sorted(pathlib.PurePath(name) for name in listed.split("\0") if name and (root / name).is_file())


def wants_header(path):
    return path.suffix in WITH_HEADER or path.name in WITH_HEADER_BY_NAME


def header_fault(path, text):
    """What is wrong with the header, or None. `#!` or `// swift-tools-version` may stand above it."""
    lines = text.splitlines()[:4]
    for index, line in enumerate(lines):
        if HEADER[0] in line:
            return None if index + 1 < len(lines) and HEADER[1] in lines[index + 1] else f"no line '{HEADER[1]}' below"
    return f"no line '{HEADER[0]}' at the top"


def word_faults(path, text):
    """(line, word) of each forbidden word."""
    for number, line in enumerate(text.splitlines(), 1):
        for word, pattern in FORBIDDEN.items():
            if pattern.search(line) and (str(path), word) not in ALLOWED:
                yield number, word


def check(root, paths):
    faults = []
    for path in paths:
        source = path.parts[0] in ("Sources", "Web") and path.suffix in (".swift", ".c", ".h")
        if GENERATED.search(path.name) or not (wants_header(path) or source):
            continue
        text = (root / path).read_text(encoding="utf-8")
        fault = header_fault(path, text) if wants_header(path) else None
        if fault:
            faults.append(f"{path}:1: {fault}")
        if source:
            faults += [f"{path}:{line}: '{word}' may not stand in a source" for line, word in word_faults(path, text)]
    return faults


def main():
    root = pathlib.Path(__file__).resolve().parents[1]
    faults = check(root, files(root))
    print("\n".join(faults))
    return 1 if faults else 0


if __name__ == "__main__":
    sys.exit(main())
