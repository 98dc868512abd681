// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: Hibiki contributors

import HibikiYjs

/// What became of the checks of one vector.
public struct CheckReport: Sendable {
    public let vector: String
    /// What each check is called and, if it failed, how.
    public private(set) var results: [(name: String, failure: String?)] = []

    init(vector: String) { self.vector = vector }

    public var passed: Int { self.results.count { $0.failure == nil } }
    public var failures: [(name: String, failure: String)] {
        self.results.compactMap { result in result.failure.map { (result.name, $0) } }
    }

    mutating func check<Value: Equatable>(_ name: String, _ actual: Value, _ expected: Value) {
        self.results.append((name, actual == expected ? nil : "\(actual) instead of \(expected)"))
    }

    /// Compares two values as JSON, so that a failure can be read.
    mutating func check(_ name: String, json actual: YValue, _ expected: YValue) {
        let texts = (JSONPrinter.text(actual) ?? "", JSONPrinter.text(expected) ?? "")
        self.results.append((name, actual == expected ? nil : "\(texts.0) instead of \(texts.1)"))
    }

    mutating func check(_ name: String, _ isRight: Bool) {
        self.results.append((name, isRight ? nil : "not so"))
    }

    mutating func fail(_ name: String, _ reason: String) { self.results.append((name, reason)) }
}
