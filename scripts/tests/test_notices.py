# SPDX-License-Identifier: Apache-2.0
# SPDX-FileCopyrightText: Hibiki contributors
"""Only what is linked is named, with every licence that it carries; and a package without one is an error."""

import pathlib
import sys
import tempfile
import unittest

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1]))

import notices  # noqa: E402


class Notices(unittest.TestCase):
    def setUp(self):
        directory = tempfile.TemporaryDirectory()
        self.addCleanup(directory.cleanup)
        self.build = pathlib.Path(directory.name)
        self.write("release/thing.product/Objects.LinkFileList", "/x/release/A.build/a.o\n/x/release/B.build/b.o\n")
        self.write("checkouts/one/Package.swift", '.target(name: "A", path: "src")')
        self.write("checkouts/one/LICENSE.txt", "licence of one")
        self.write("checkouts/one/src/inner/NOTICE", "notice of one's inner part")
        self.write("checkouts/one/Tests/LICENSE", "licence of what only tests use")
        self.write("checkouts/two/Package.swift", "")
        self.write("checkouts/two/Sources/B/b.swift", "")
        self.write("checkouts/two/COPYING", "licence of two")
        self.write("checkouts/three/Package.swift", '.target(name: "C")')
        self.write("checkouts/three/LICENSE", "licence of three")

    def write(self, path, text):
        file = self.build / path
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(text)

    def test_what_is_linked_is_named_and_nothing_else(self):
        text = notices.collect(self.build, "thing")
        for words in ("licence of one", "notice of one's inner part", "licence of two"):
            self.assertIn(words, text)
        for words in ("licence of three", "only tests use"):
            self.assertNotIn(words, text)

    def test_a_package_without_a_licence_is_an_error(self):
        (self.build / "checkouts/two/COPYING").unlink()
        with self.assertRaises(notices.Unknown):
            notices.collect(self.build, "thing")

    def test_a_product_that_was_not_built_is_an_error(self):
        with self.assertRaises(notices.Unknown):
            notices.collect(self.build, "other")


if __name__ == "__main__":
    unittest.main()
