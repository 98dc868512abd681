// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: Hibiki contributors

/// Why something a client sent is not what was asked for, and where, for example
/// `arguments[0].user.age: expected an integer, found a string`.
public struct ArgumentError: Error, Hashable, Sendable, CustomStringConvertible {
    public var path: ArgumentPath
    /// What is wrong, without the path.
    public var reason: String

    public init(_ path: ArgumentPath, _ reason: String) {
        self.path = path
        self.reason = reason
    }

    public var description: String { "\(self.path): \(self.reason)" }
}

/// A value of one kind where another was asked for. Whoever knows the path makes an error of it.
struct Mismatch: Error {
    let expected: String
    let found: String

    init(expected: String, found: String) {
        self.expected = expected
        self.found = found
    }

    init(expected: String, found value: JSON) {
        self.init(expected: expected, found: value.kindInWords)
    }

    var reason: String { "expected \(self.expected), found \(self.found)" }
}
