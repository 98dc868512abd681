// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: Hibiki contributors

import Foundation
import HibikiSQL
import HibikiSQLite
import HibikiTestSupport
import Testing

#if canImport(Darwin)
import Darwin
#else
import Glibc
#endif

@Suite(.timeLimit(.minutes(5))) struct KilledWriterTests {
    private static let runs = 50
    private static let writers = 20

    @Test func `what was acknowledged is there after kill -9, at any moment, fifty times`() async throws {
        try await withSQLite { path in
            var generator = SeededGenerator(seed: 9)
            var promised: [Int64: String] = [:]
            for run in 1...Self.runs {
                // The first one lives long enough to make its tables.
                let patience = Int.random(in: (run == 1 ? 1 : 0)...400, using: &generator)
                for (number, name) in try await self.killedWriter(path, run: run, after: patience) {
                    #expect(promised.updateValue(name, forKey: number) == nil, "\(number) was promised twice")
                }
                try await self.check(path, promised)
            }
            #expect(promised.count > Self.runs)
        }
    }

    /// Everything that was promised is there, numbers have no gap, and the counter says how many there are.
    private func check(_ path: String, _ promised: [Int64: String]) async throws {
        let database = try SQLiteDatabase(path: path)
        let results = try await database.read([
            SQLStatement("SELECT number, name FROM item ORDER BY number"), SQLStatement("SELECT value FROM counter"),
            SQLStatement("PRAGMA integrity_check"),
        ])
        await database.close()
        var stored: [Int64: String] = [:]
        for row in results[0] { stored[try row["number"]] = try row["name"] }
        let value: Int64 = try results[1][0]["value"]
        #expect(results[0].count == Int(value) && stored.count == Int(value))
        #expect(try value == 0 || results[0][results[0].count - 1]["number"] == value)
        #expect(promised.allSatisfy { stored[$0.key] == $0.value })
        #expect(Set(stored.values).count == stored.count)
        #expect(try results[2][0]["integrity_check"] == "ok")
    }

    /// Starts a writer, kills it once it has made so many promises, and returns all that it had made.
    ///
    /// They go into a file: the end of a pipe would not come while a server that another test has started meanwhile holds it too.
    private func killedWriter(_ path: String, run: Int, after count: Int) async throws -> [(Int64, String)] {
        let promises = URL(fileURLWithPath: "\(path).promises")
        defer { try? FileManager.default.removeItem(at: promises) }
        try Data().write(to: promises)
        let output = try FileHandle(forWritingTo: promises)
        let words = [try Self.executable.path, path, "\(run)", "\(Self.writers)"]
        let process = try ChildProcess(words, output: output.fileDescriptor)
        try output.close()
        let ending = Task { await process.wait() }
        while kill(process.id, 0) == 0, try Self.lines(of: promises).count < count {
            try await Task.sleep(for: .milliseconds(1))
        }
        kill(process.id, SIGKILL)
        try #require(await ending.value == SIGKILL, "the status of a process that ended by this signal")
        return try Self.lines(of: promises).compactMap { line in
            let parts = line.split(separator: " ")
            return parts.count == 2 ? Int64(parts[1]).map { ($0, String(parts[0])) } : nil
        }
    }

    /// Those that are whole.
    private static func lines(of file: URL) throws -> [Substring] {
        let text = String(decoding: try Data(contentsOf: file), as: UTF8.self)
        return text.split(separator: "\n", omittingEmptySubsequences: false).dropLast()
    }

    /// It was built beside the tests.
    private static var executable: URL {
        get throws {
            let tests = try #require(Bundle.main.executableURL)
            let places = sequence(first: tests) { $0.path == "/" ? nil : $0.deletingLastPathComponent() }
            let found = places.lazy.map { $0.appending(path: "StoreWriter") }
                .first { FileManager.default.isExecutableFile(atPath: $0.path) }
            return try #require(found)
        }
    }
}
