# SPDX-License-Identifier: Apache-2.0
# SPDX-FileCopyrightText: Hibiki contributors
"""Missing headers and forbidden words are found, at their line."""

import pathlib
import sys
import tempfile
import unittest

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1]))

import words  # noqa: E402

HEADER = "// " + words.HEADER[0] + "\n// " + words.HEADER[1] + "\n"


class Words(unittest.TestCase):
    def check(self, name, text):
        with tempfile.TemporaryDirectory() as directory:
            path = pathlib.Path(directory) / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(text)
            return words.check(pathlib.Path(directory), [pathlib.PurePath(name)])

    def test_a_file_without_its_header_is_found(self):
        for name in ("Sources/A/A.swift", "scripts/a.sh", "Web/a.js", "Web/a.css", "a.py", "Makefile", ".ci/run"):
            self.assertEqual(self.check(name, "\n"), [f"{name}:1: no line '{words.HEADER[0]}' at the top"], name)

    def test_half_a_header_is_found(self):
        self.assertEqual(
            self.check("a.swift", HEADER.splitlines()[0] + "\n"), [f"a.swift:1: no line '{words.HEADER[1]}' below"])

    def test_a_header_may_follow_a_first_line(self):
        self.assertEqual(self.check("Package.swift", "// swift-tools-version: 6.2\n" + HEADER), [])
        self.assertEqual(self.check("a.sh", "#!/bin/sh\n" + HEADER.replace("//", "#")), [])
        self.assertEqual(self.check("a.html", "<!doctype html>\n" + HEADER.replace("//", "<!--")), [])

    def test_other_files_need_none(self):
        for name in ("README.md", "Package.resolved", "Web/a.svg", "Sources/A/a.pb.swift"):
            self.assertEqual(self.check(name, "\n"), [], name)

    def test_each_forbidden_word_is_found_at_its_line(self):
        for word in ("try!", "as!", "fatalError(", "preconditionFailure(", "TODO", "FIXME"):
            self.assertEqual(
                self.check("Sources/A/A.swift", HEADER + f"\nlet a = 1 // {word} \n"),
                [f"Sources/A/A.swift:4: '{word}' may not stand in a source"])

    def test_tests_may_say_them(self):
        self.assertEqual(self.check("Tests/A/A.swift", HEADER + "try! run()\n"), [])

    def test_similar_words_are_left_alone(self):
        self.assertEqual(self.check("Sources/A/A.swift", HEADER + "let TODOs = has! + tryAgain!\n"), [])


if __name__ == "__main__":
    unittest.main()
