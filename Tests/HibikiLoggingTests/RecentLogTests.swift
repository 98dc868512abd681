// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: Hibiki contributors

import Logging
import Testing

@testable import HibikiLogging

@Suite struct `The last lines of a log` {
    private func record(_ message: String, level: Logger.Level = .info) -> LogRecord {
        LogRecord(time: 0, level: level, label: "test", message: message, metadata: [:])
    }

    private func texts(_ lines: [RecentLog.Line]) -> [String] {
        lines.map { String(decoding: $0.json, as: UTF8.self) }
    }

    @Test func `are kept as JSON, numbered from one`() {
        let log = RecentLog()
        #expect(log.last == 0)
        #expect(log.lines().isEmpty)
        log.append(self.record("hello", level: .warning))
        #expect(log.last == 1)
        #expect(log.lines().map(\.number) == [1])
        #expect(log.lines().map(\.level) == [.warning])
        #expect(
            self.texts(log.lines())
                == [#"{"time":"1970-01-01T00:00:00.000Z","level":"warning","label":"test","message":"hello"}"#])
    }

    @Test func `are bounded in number`() {
        let log = RecentLog(limit: 3)
        for number in 1...10 { log.append(self.record("\(number)")) }
        #expect(log.lines().map(\.number) == [8, 9, 10])
    }

    @Test func `are bounded in bytes, and the newest is there however long it is`() {
        let log = RecentLog(limit: 100, bytes: 200)
        for number in 1...10 { log.append(self.record("\(number)")) }
        #expect(log.lines().map(\.number) == [9, 10])
        log.append(self.record(String(repeating: "x", count: 1_000)))
        #expect(log.lines().map(\.number) == [11])
    }

    @Test(arguments: [(0, [4, 5, 6]), (3, [4, 5, 6]), (4, [5, 6]), (6, []), (900, [])] as [(UInt64, [UInt64])])
    func `are given from a number on`(_ number: UInt64, _ expected: [UInt64]) {
        let log = RecentLog(limit: 3)
        for number in 1...6 { log.append(self.record("\(number)")) }
        #expect(log.lines(after: number).map(\.number) == expected)
    }

    @Test func `are the lines that are written, whatever their form, without credentials`() {
        let recent = RecentLog()
        let output = LogOutput(to: LogDestination { _ in true }, format: .text(isColoured: false), recent: recent)
        output.write(.info, label: "test", message: "hello") { ["password": "secret", "client": "c1"] }
        output.flush()
        #expect(self.texts(recent.lines()).map { $0.contains("secret") } == [false])
        #expect(self.texts(recent.lines()).map { $0.contains(#""client":"c1""#) } == [true])
    }
}
