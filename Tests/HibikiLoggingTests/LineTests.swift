// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: Hibiki contributors

import Foundation
import HibikiTestSupport
import Logging
import Testing

@testable import HibikiLogging

/// 2026-11-21T17:02:03.004Z
private let moment: Int64 = 1_795_280_523_004

private func line(
    _ format: LogFormat, _ message: String, _ metadata: Logger.Metadata = [:], level: Logger.Level = .info,
    offset: Int64 = 0
) -> String {
    let record = LogRecord(time: moment, level: level, label: "hibiki", message: message, metadata: metadata)
    return String(decoding: format.line(record, offset: offset), as: UTF8.self)
}

@Suite struct `A line for people` {
    private let plain = LogFormat.text(isColoured: false)

    @Test func `has the local time, the level, the message, and the metadata by name`() {
        let metadata: Logger.Metadata = ["b": "two words", "a": .stringConvertible(1), "c": "", "d": ["x", "y=z"]]
        #expect(
            line(self.plain, "it happened", metadata, offset: 3_600)
                == "18:02:03.004 info     it happened  a=1 b=\"two words\" c=\"\" d=[x \"y=z\"]\n")
    }

    @Test func `has colours where they are wanted`() {
        #expect(
            line(.text(isColoured: true), "oh", ["a": "1"], level: .error)
                == "\u{1B}[2m17:02:03.004\u{1B}[0m \u{1B}[31merror\u{1B}[0m    oh  \u{1B}[2ma=\u{1B}[0m1\n")
    }

    @Test func `shows an object as it is nested`() {
        #expect(line(self.plain, "m", ["a": ["b": ["c": "d"]]]) == "17:02:03.004 info     m  a={b={c=d}}\n")
    }
}

@Suite struct `A line for machines` {
    @Test func `is an object with the time in UTC, and the metadata as members`() {
        let metadata: Logger.Metadata = [
            "n": .stringConvertible(1), "f": .stringConvertible(true), "t": "x", "l": ["x"], "o": ["p": "q"],
        ]
        #expect(
            line(.json, "it happened", metadata, level: .warning, offset: 3_600)
                == #"{"time":"2026-11-21T17:02:03.004Z","level":"warning","label":"hibiki","message":"it happened","#
                + #""f":true,"l":["x"],"n":1,"o":{"p":"q"},"t":"x"}"# + "\n")
    }

    @Test(arguments: ["time", "level", "label", "message"])
    func `keeps its own members apart from metadata of the same name`(_ name: String) throws {
        let object = try parsed(line(.json, "m", [name: "other"]))
        #expect(object[name + "_"] as? String == "other")
        #expect(object[name] as? String != "other")
    }

    @Test(arguments: [Double.infinity, .nan, 0.5]) func `stays JSON with any number`(_ number: Double) throws {
        #expect(try parsed(line(.json, "m", ["n": .stringConvertible(number)]))["n"] != nil)
    }
}

private func parsed(_ line: String) throws -> [String: Any] {
    try #require(try JSONSerialization.jsonObject(with: Data(line.utf8)) as? [String: Any])
}

@Suite struct `Lines of both forms` {
    static let forms: [LogFormat] = [.json, .text(isColoured: false)]
    private static let hostile = [
        "a\nb", "a\r\nb", "a\u{0}b", "\u{1B}[2Ja", "a\u{85}b", "a\u{2028}b", "a\u{9B}31mb", "a\u{202E}b", "a\u{7F}b",
        "a\tb",
    ]

    @Test(arguments: Self.forms, Self.hostile)
    func `stay one line of visible characters`(_ format: LogFormat, _ text: String) {
        let line = line(format, text, ["k": "\(text)", "\(text)": "v", "l": ["\(text)"]])
        #expect(line.unicodeScalars.last == "\n")
        let visible = line.unicodeScalars.dropLast().allSatisfy { !SafeText.mustBeEscaped($0) }
        #expect(visible, "\(line.debugDescription)")
    }

    @Test(arguments: Self.hostile) func `give machines back what was said`(_ text: String) throws {
        let object = try parsed(line(.json, text, ["k": "\(text)"]))
        #expect(object["message"] as? String == text)
        #expect(object["k"] as? String == text)
    }

    @Test(arguments: Self.forms) func `are bounded, however much is said`(_ format: LogFormat) {
        let long = String(repeating: "\u{1}", count: 1 << 20)
        let many = Dictionary(uniqueKeysWithValues: (0..<10_000).map { ("k\($0)", Logger.MetadataValue.string(long)) })
        let deep = (0..<1_000).reduce(Logger.MetadataValue.string("end")) { value, _ in ["d": value] }
        for metadata in [many, ["list": .array(Array(many.values))], ["deep": deep]] {
            #expect(line(format, long, metadata).utf8.count < 130 << 10)
        }
    }

    @Test(arguments: Self.forms) func `cut a value without tearing a character`(_ format: LogFormat) {
        let text = String(repeating: "語", count: 1_000)
        let line = line(format, "m", ["k": "\(text)"])
        #expect(line.contains("語…"))
        #expect(line.count { $0 == "語" } == LogBudget.valueBytes / 3)
    }

    @Test(arguments: Self.forms) func `hold no credential, in a message, a value or under a name`(_ format: LogFormat) {
        let line = line(
            format, "GET /ws?access_token=s3cret",
            [
                "target": "/x?token=s3cret", "authorization": "s3cret", "list": ["token=s3cret"],
                "o": ["cookie": "s3cret"],
            ])
        #expect(!line.contains("s3cret"))
        #expect(line.contains("[redacted]"))
    }

    @Test(arguments: Self.forms) func `survive whatever bytes a client sends`(_ format: LogFormat) throws {
        var generator = SeededGenerator(seed: 7)
        for _ in 0..<2_000 {
            let bytes = (0..<Int.random(in: 0...64, using: &generator)).map { _ in
                UInt8.random(in: 0...255, using: &generator)
            }
            let text = String(decoding: bytes, as: UTF8.self)
            let line = line(format, "m", ["k": "\(text)"])
            #expect(line.utf8.count { $0 == UInt8(ascii: "\n") } == 1)
            if format == .json { #expect(try parsed(line)["k"] is String) }
        }
    }
}

@Suite struct `The time on a line` {
    @Test(arguments: [
        (Int64(0), "1970-01-01T00:00:00.000Z"), (-1, "1969-12-31T23:59:59.999Z"),
        (951_827_696_123, "2000-02-29T12:34:56.123Z"), (4_102_444_799_999, "2099-12-31T23:59:59.999Z"),
    ]) func `is written as RFC 3339 has it`(_ milliseconds: Int64, _ text: String) {
        var line: [UInt8] = []
        LogTime(milliseconds: milliseconds).appendRFC3339(to: &line)
        #expect(String(decoding: line, as: UTF8.self) == text)
    }
}
