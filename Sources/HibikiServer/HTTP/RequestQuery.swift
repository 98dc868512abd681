// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: Hibiki contributors

import HibikiMessaging
import HibikiWire
import Hummingbird

/// The parameters of a query, decoded. Those that nobody asks for mean nothing.
struct RequestQuery {
    private static let mostPairs = 100

    private var values: [String: String] = [:]

    init(_ request: Request) throws(WireError) {
        try self.init(request.uri.query ?? "")
    }

    init(_ text: String) throws(WireError) {
        let pairs = text.utf8.split(separator: UInt8(ascii: "&"))
        guard pairs.count <= Self.mostPairs else { throw WireError(.invalidMessage, "the query has too many parts") }
        for pair in pairs {
            let parts = pair.split(separator: UInt8(ascii: "="), maxSplits: 1, omittingEmptySubsequences: false)
            guard let name = parts.first.flatMap({ PercentEncoding.decode($0, plusIsSpace: true) }),
                let value = PercentEncoding.decode(parts.count > 1 ? parts[1] : "".utf8[...], plusIsSpace: true)
            else { throw WireError(.invalidMessage, "the query is not percent-encoded UTF-8") }
            guard self.values.updateValue(value, forKey: name) == nil else {
                throw WireError(.invalidMessage, "a part of the query is given twice")
            }
        }
    }

    /// `nil` if it is not there.
    func text(_ name: String) -> String? { self.values[name] }

    func integer(_ name: String, in range: ClosedRange<Int>) throws(WireError) -> Int? {
        guard let text = self.values[name] else { return nil }
        guard let number = Int(text), range.contains(number), text.utf8.first != UInt8(ascii: "+") else {
            throw WireError(
                .invalidMessage, "\(name): expected a number from \(range.lowerBound) to \(range.upperBound)")
        }
        return number
    }

    /// What a text stands for.
    func value<Value>(_ name: String, _ expected: String, _ read: (String) -> Value?) throws(WireError) -> Value? {
        guard let text = self.text(name) else { return nil }
        guard let value = read(text) else { throw WireError(.invalidMessage, "\(name): expected \(expected)") }
        return value
    }
}

extension RouterContext {
    /// A part of the path, decoded: a topic has slashes, which stand there as `%2F`.
    func parameter(_ name: String) throws(WireError) -> String {
        guard let raw = self.parameters.get(name), let text = PercentEncoding.decode(raw.utf8) else {
            throw WireError(.invalidMessage, "the path is not percent-encoded UTF-8")
        }
        return text
    }

    /// The id of a principal.
    func user(_ name: String) throws(WireError) -> String {
        let id = try self.parameter(name)
        guard Principal.idLengths.contains(id.utf8.count) else {
            throw WireError(.invalidMessage, "the id of a user has 1 to \(Principal.idLengths.upperBound) bytes")
        }
        return id
    }

    func topic() throws(WireError) -> Topic {
        try Topic(self.parameter("topic"))
    }
}
