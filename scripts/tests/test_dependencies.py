# SPDX-License-Identifier: Apache-2.0
# SPDX-FileCopyrightText: Hibiki contributors
"""An import that Package.swift does not declare is found, and so is a dependency that nobody imports."""

import pathlib
import sys
import tempfile
import unittest

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1]))

import dependencies  # noqa: E402

MANIFEST = {"targets": [
    {"name": "Low", "type": "regular", "dependencies": []},
    {"name": "High", "type": "regular", "dependencies": [
        {"byName": ["Low", None]}, {"product": ["NIOCore", "swift-nio", None, None]}]},
    {"name": "HighTests", "type": "test", "dependencies": [{"byName": ["High", None]}, {"byName": ["Low", None]}]},
]}


class Dependencies(unittest.TestCase):
    def check(self, **sources):
        with tempfile.TemporaryDirectory() as directory:
            for target, source in sources.items():
                path = pathlib.Path(directory) / ("Tests" if "Tests" in target else "Sources") / target / "File.swift"
                path.parent.mkdir(parents=True)
                path.write_text(source)
            return dependencies.check(pathlib.Path(directory), MANIFEST)

    def test_what_is_declared_and_used_is_in_order(self):
        self.assertEqual(self.check(High="import Low\npublic import NIOCore\nimport Foundation\n"), [])

    def test_an_undeclared_import_is_found(self):
        self.assertEqual(self.check(Low="\nimport High\n", High="import Low\nimport NIOCore\nimport NIOPosix\n"), [
            "Sources/Low/File.swift:2: Package.swift does not declare that Low needs High",
            "Sources/High/File.swift:3: Package.swift does not declare that High needs NIOPosix",
        ])

    def test_an_undeclared_import_of_a_test_is_found(self):
        self.assertEqual(
            self.check(High="import Low\nimport NIOCore\n", HighTests="import Testing\n@testable import NIOCore\n"),
            ["Tests/HighTests/File.swift:2: Package.swift does not declare that HighTests needs NIOCore"])

    def test_a_dependency_declared_in_vain_is_found(self):
        self.assertEqual(
            self.check(High="import NIOCore\n"), ["Package.swift:1: High declares Low and imports it nowhere"])


if __name__ == "__main__":
    unittest.main()
