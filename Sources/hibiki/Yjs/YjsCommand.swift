// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: Hibiki contributors

import ArgumentParser
import HibikiYjsCheck

struct YjsCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "yjs",
        abstract: "Look at how documents of Yjs are read and written.",
        subcommands: [YjsCheckCommand.self]
    )
}

struct YjsCheckCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "check",
        abstract: "Compare with sessions recorded from Yjs.",
        discussion: """
            Each .json file in the folder is a vector: what clients did, the updates that they sent, and what a document holds \
            that took them in, in many orders. A line tells of each check that failed; the last line is `N passed, N failed`, \
            and the exit status is 1 if any did.

            EXAMPLE
              hibiki yjs check Tests/HibikiYjsTests/Vectors
            """
    )

    @Argument(help: ArgumentHelp("A folder of vectors.", valueName: "folder"), completion: .directory)
    var folder: String

    /// Of a vector that is longer the end is missing, which is no JSON then.
    private static let largest = 1 << 28

    func run() throws {
        let names = SystemFile.names(inFolder: self.folder).filter { $0.hasSuffix(".json") }
        guard !names.isEmpty else { throw ValidationError("there is no .json file in \(self.folder)") }
        var passed = 0
        var failed = 0
        for name in names.sorted() {
            guard let text = SystemFile.text("\(self.folder)/\(name)", atMost: Self.largest) else {
                throw ValidationError("\(name) cannot be read")
            }
            let report = VectorCheck.run(text)
            for failure in report.failures { print("\(name): \(failure.name): \(failure.failure)") }
            passed += report.passed
            failed += report.failures.count
        }
        print("\(passed) passed, \(failed) failed")
        if failed > 0 { throw ExitCode(1) }
    }
}
