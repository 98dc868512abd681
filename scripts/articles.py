# SPDX-License-Identifier: Apache-2.0
# SPDX-FileCopyrightText: Hibiki contributors
"""Checks that what the DocC articles show as Swift is compiled: articles.py

Every block of Swift in a catalog has to stand, line for line, in a file of Tests/Articles/; how far its lines are indented
does not count.
"""

import pathlib
import sys

import words

LISTINGS = pathlib.PurePath("Tests", "Articles")
FENCE = "```"


def blocks(text):
    """(line, [line of code, …]) of each fenced block of Swift; None instead of the code if the block has no end."""
    start = code = None
    for number, line in enumerate(text.splitlines(), 1):
        line = line.strip()
        if code is None and line.startswith(FENCE):
            start, language, code = number, line.removeprefix(FENCE).strip(), []
        elif code is not None and line == FENCE:
            if language.lower() == "swift":
                yield start, code
            code = None
        elif code is not None:
            code.append(line)
    if code is not None:
        yield start, None


def contains(listing, code):
    """Whether a listing has these lines, one below the other."""
    starts = [at for at, line in enumerate(listing) if any(code) and line == code[0]]
    return any(listing[at:at + len(code)] == code for at in starts)


def is_article(path):
    return path.suffix == ".md" and any(parent.suffix == ".docc" for parent in path.parents)


def check(root, paths):
    listings = [[line.strip() for line in (root / path).read_text(encoding="utf-8").splitlines()]
                for path in paths if path.suffix == ".swift" and path.is_relative_to(LISTINGS)]
    faults = []
    for path in filter(is_article, paths):
        for line, code in blocks((root / path).read_text(encoding="utf-8")):
            if code is None:
                faults.append(f"{path}:{line}: a block without an end")
            elif not any(contains(listing, code) for listing in listings):
                faults.append(f"{path}:{line}: this Swift stands in no file of {LISTINGS}")
    return faults


def main():
    root = pathlib.Path(__file__).resolve().parents[1]
    faults = check(root, words.files(root))
    print("\n".join(faults))
    return 1 if faults else 0


if __name__ == "__main__":
    sys.exit(main())
