// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: Hibiki contributors

import Foundation
import HibikiYjsCheck
import Testing

/// Sessions recorded from Yjs 13.6.31, each a file in `Vectors`.
@Suite struct VectorTests {
    private static let folder = URL(filePath: #filePath).deletingLastPathComponent().appending(path: "Vectors")

    static let names: [String] =
        (try? FileManager.default.contentsOfDirectory(atPath: folder.path))?.filter { $0.hasSuffix(".json") }
        .sorted() ?? []

    @Test func `all vectors are there`() {
        #expect(Self.names.count >= 83)
    }

    @Test(arguments: names) func `a vector gives what Yjs gave`(_ name: String) throws {
        let text = try String(contentsOf: Self.folder.appending(path: name), encoding: .utf8)
        let report = VectorCheck.run(text)
        #expect(report.passed > 0)
        for failure in report.failures { Issue.record("\(report.vector), \(failure.name): \(failure.failure)") }
    }
}
