# SPDX-License-Identifier: Apache-2.0
# SPDX-FileCopyrightText: Hibiki contributors
"""Swift in an article that no listing has is found, at its line."""

import pathlib
import sys
import tempfile
import unittest

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1]))

import articles  # noqa: E402

ARTICLE = "Sources/A/A.docc/A.md"
LISTING = "Tests/Articles/A/A.swift"
CODE = "func a() {\n    b()\n\n    c()\n}\n"


class Articles(unittest.TestCase):
    def check(self, article, listing=CODE, name=ARTICLE, where=LISTING):
        with tempfile.TemporaryDirectory() as directory:
            root = pathlib.Path(directory)
            for path, text in ((name, article), (where, listing)):
                (root / path).parent.mkdir(parents=True, exist_ok=True)
                (root / path).write_text(text)
            return articles.check(root, [pathlib.PurePath(name), pathlib.PurePath(where)])

    def test_lines_of_a_listing_may_be_indented_otherwise(self):
        self.assertEqual(self.check(f"# A\n\n```swift\n{CODE}```\n"), [])
        self.assertEqual(self.check("# A\n\n```swift\nb()\n\nc()\n```\n"), [])
        self.assertEqual(self.check("- a:\n\n  ```swift\n  b()\n  ```\n"), [])

    def test_anything_else_is_found_at_its_line(self):
        for code in ("d()", "b()\nc()", "c()\n\nb()", "b() // why", "func a() {\nc()", ""):
            self.assertEqual(
                self.check(f"# A\n\n```swift\n{code}\n```\n"),
                [f"{ARTICLE}:3: this Swift stands in no file of Tests/Articles"], code)

    def test_each_block_is_looked_at(self):
        self.assertEqual(
            self.check("```swift\nb()\n```\n\n```js\nx()\n```\n\n```swift\nx()\n```\n"),
            [f"{ARTICLE}:9: this Swift stands in no file of Tests/Articles"])

    def test_a_block_needs_an_end(self):
        self.assertEqual(self.check("```swift\nb()\n"), [f"{ARTICLE}:1: a block without an end"])

    def test_other_languages_and_other_files_are_left_alone(self):
        self.assertEqual(self.check("```js\nx()\n```\n```\ny\n```\n"), [])
        self.assertEqual(self.check("```swift\nx()\n```\n", name="Documentation/A.md"), [])

    def test_only_listings_count(self):
        self.assertEqual(len(self.check("```swift\nb()\n```\n", where="Tests/ATests/A.swift")), 1)


if __name__ == "__main__":
    unittest.main()
