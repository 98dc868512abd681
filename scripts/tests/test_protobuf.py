# SPDX-License-Identifier: Apache-2.0
# SPDX-FileCopyrightText: Hibiki contributors

import pathlib
import sys
import tempfile
import unittest

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1]))

import protobuf  # noqa: E402


class Check(unittest.TestCase):
    def setUp(self):
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.root = pathlib.Path(folder.name)
        for path in (protobuf.PROTO, protobuf.SWIFT):
            (self.root / path).parent.mkdir(parents=True)
            (self.root / path).write_text(path)
        (self.root / protobuf.RECORD).write_text(protobuf.digests(self.root))

    def test_is_silent_where_nothing_has_changed(self):
        self.assertIsNone(protobuf.check(self.root))

    def test_finds_a_proto_that_was_changed_without_generating(self):
        (self.root / protobuf.PROTO).write_text("message New {}")
        self.assertIn(f"{protobuf.PROTO} is not the one", protobuf.check(self.root))

    def test_finds_generated_code_that_was_changed_by_hand(self):
        (self.root / protobuf.SWIFT).write_text("// by hand")
        self.assertIn(f"{protobuf.SWIFT} is not the one", protobuf.check(self.root))

    def test_finds_what_is_missing_or_cut_short(self):
        (self.root / protobuf.RECORD).write_text("")
        self.assertIn("is not the one", protobuf.check(self.root))
        (self.root / protobuf.SWIFT).unlink()
        self.assertIn("is missing", protobuf.check(self.root))


if __name__ == "__main__":
    unittest.main()
