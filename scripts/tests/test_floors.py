# SPDX-License-Identifier: Apache-2.0
# SPDX-FileCopyrightText: Hibiki contributors
"""Each kind of broken floor is found, at its line and with its reason; what is allowed is not."""

import pathlib
import sys
import tempfile
import unittest

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1]))

import floors  # noqa: E402


class Floors(unittest.TestCase):
    def check(self, target, source):
        """The messages for one file Sources/TARGET/Folder/File.swift."""
        with tempfile.TemporaryDirectory() as directory:
            path = pathlib.Path(directory) / "Sources" / target / "Folder" / "File.swift"
            path.parent.mkdir(parents=True)
            path.write_text(source)
            return [str(violation) for violation in floors.check(pathlib.Path(directory))]

    def assertRefused(self, target, module, reason):
        self.assertEqual(
            self.check(target, f"// a line\nimport {module}\n"),
            [f"Sources/{target}/Folder/File.swift:2: {target} may not import {module}: {reason}"],
        )

    def assertAllowed(self, target, *modules):
        self.assertEqual(self.check(target, "".join(f"import {module}\n" for module in modules)), [])

    def test_ground_floor(self):
        for module in ("NIOPosix", "Hummingbird", "Foundation", "FoundationEssentials", "Glibc"):
            for target in ("HibikiWire", "HibikiWebSocketCodec"):
                self.assertRefused(target, module, "the ground floor has no socket, clock or file")
        for module in ("NIOPosix", "Hummingbird", "Dispatch", "Glibc"):
            self.assertRefused("HibikiSocketIOCodec", module, "the ground floor has no socket, clock or file")
        self.assertRefused("HibikiWire", "Synchronization", "the ground floor has no lock, logger or metric")
        self.assertAllowed("HibikiWebSocketCodec", "NIOCore", "CZlib", "Crypto")

    def test_algorithms_stand_on_the_standard_library(self):
        for target in ("HibikiYjs", "HibikiOT"):
            for module in ("NIOCore", "Foundation", "HibikiWire", "Synchronization"):
                self.assertRefused(target, module, "it imports the standard library only")

    def test_messaging(self):
        self.assertRefused("HibikiMessaging", "HTTPTypes", "messaging knows no HTTP")
        self.assertRefused("HibikiMessaging", "NIOHTTP1", "messaging knows no HTTP")
        self.assertRefused("HibikiMessaging", "GRDB", "messaging knows no database")
        self.assertRefused("HibikiMessaging", "HibikiRedis", "messaging knows no database")
        self.assertRefused("HibikiMessaging", "HibikiChat", "messaging knows no feature")
        self.assertRefused("HibikiMessaging", "HibikiTransports", "arrows point down only")
        self.assertAllowed("HibikiMessaging", "HibikiWire", "NIOCore")

    def test_transports(self):
        self.assertRefused("HibikiTransports", "HibikiUploads", "a transport knows no feature")
        self.assertRefused("HibikiTransports", "HibikiSQL", "a transport knows no store and no broker")
        self.assertRefused("HibikiTransports", "HibikiNATS", "a transport knows no store and no broker")
        self.assertRefused("HibikiTransports", "HibikiSocketIO", "Socket.IO stands on the transports")
        self.assertRefused("HibikiTransports", "Hummingbird", "Hummingbird enters in HibikiServer only")
        self.assertAllowed("HibikiTransports", "HibikiMessaging", "HibikiWebSocketCodec", "NIOPosix")

    def test_features(self):
        for target in sorted(floors.FEATURES):
            for other in sorted(floors.FEATURES - {target}):
                self.assertRefused(target, other, words_of("features do not know each other"))
            self.assertRefused(target, "HTTPTypes", words_of("a feature knows no HTTP"))
            self.assertRefused(target, "HibikiSQLite", words_of("a feature declares its store"))
            self.assertAllowed(target, "HibikiMessaging")

    def test_stores(self):
        self.assertRefused("HibikiSQL", "HibikiTransports", "stores know no transport, broker or HTTP")
        self.assertRefused("HibikiSQL", "HibikiRedis", "stores know no transport, broker or HTTP")

    def test_client(self):
        for module in ("HibikiMessaging", "HibikiTransports", "HibikiSocketIO", "HibikiChat"):
            self.assertRefused("HibikiClient", module, "an app that links the client carries no server")
        self.assertAllowed("HibikiClient", "HibikiWire", "HibikiWebSocketCodec", "NIOPosix", "NIOHTTP1")

    def test_a_target_outside_of_sources_is_checked_too(self):
        with tempfile.TemporaryDirectory() as directory:
            path = pathlib.Path(directory) / "Web" / "File.swift"
            path.parent.mkdir()
            path.write_text("import Foundation\n")
            self.assertEqual([str(violation) for violation in floors.check(pathlib.Path(directory))], [
                "Web/File.swift:1: HibikiWeb may not import Foundation: the ground floor has no socket, clock or file"])

    def test_nobody_imports_the_server_but_the_command(self):
        for target in floors.MAY_IMPORT:
            if target == "hibiki":
                self.assertAllowed(target, "HibikiServer")
            elif target not in ("HibikiServer", "CZlib", *floors.ALGORITHMS):
                self.assertRefused(target, "HibikiServer", "nobody imports it but the command and tests")

    def test_each_library_enters_in_one_target(self):
        self.assertRefused("HibikiTransports", "CZlib", "arrows point down only")
        self.assertRefused("HibikiTransports", "Histogram", "Histogram enters in hibiki only")
        self.assertRefused("HibikiServer", "ArgumentParser", "ArgumentParser enters in hibiki only")
        for target, allowed in floors.MAY_IMPORT.items():
            for module in allowed - floors.SHARED - set(floors.MAY_IMPORT):
                self.assertEqual(floors.owner(module), target, f"{module} is in several rows of the table")

    def test_unknown_library_and_unknown_target(self):
        self.assertRefused("hibiki", "Surprise", "it is not in the table of scripts/floors.py")
        self.assertEqual(self.check("HibikiNew", ""), [
            "Sources/HibikiNew:1: a target without a floor: give it a row in scripts/floors.py"])

    def test_every_spelling_of_an_import_is_seen(self):
        for spelling in (
            "import Foundation", "public import Foundation", "internal import Foundation", "  import Foundation",
            "@preconcurrency import Foundation", "@_spi(Core) public import Foundation",
            "import struct Foundation.Data", "import Foundation.NSData", "@testable import Foundation",
            "import Foundation // why", "private import Foundation",
        ):
            self.assertEqual(len(self.check("HibikiWire", spelling + "\n")), 1, spelling)

    def test_comments_and_text_are_no_imports(self):
        for source in (
            "// import Foundation\n", "/*\nimport Foundation\n*/\n", 'let text = """\nimport Foundation\n"""\n',
            "/// import Foundation\n", "let a = 1 /* b */\n", "importFoundation()\n",
        ):
            self.assertEqual(self.check("HibikiWire", source), [], source)
        self.assertEqual(len(self.check("HibikiWire", '/* a */\nlet b = "/*"\nimport Foundation\n')), 1)


def words_of(beginning):
    """The reason of the table that begins so."""
    return next(words for _, _, words in floors.REASONS if words.startswith(beginning))


if __name__ == "__main__":
    unittest.main()
