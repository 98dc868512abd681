// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: Hibiki contributors

/// Why bytes or an edit were refused. The document is as it was before the call that threw it.
///
/// An open set: further codes may be added, so compare with `==` and keep a last branch.
public struct YError: Error, Hashable, Sendable, CustomStringConvertible {
    /// A stable code for programs, such as `unexpected-end`.
    public let code: String
    /// Words for people.
    public let description: String

    public static func == (left: YError, right: YError) -> Bool { left.code == right.code }
    public func hash(into hasher: inout Hasher) { hasher.combine(self.code) }
}

extension YError {
    /// The bytes end inside a value.
    public static let unexpectedEnd = YError(code: "unexpected-end", description: "the bytes end inside a value")
    /// A number above 2^53 − 1, or a clock that would pass it.
    public static let integerOutOfRange = YError(
        code: "integer-out-of-range", description: "a number does not fit into 53 bits")
    /// A string that is not UTF-8.
    public static let invalidUTF8 = YError(code: "invalid-utf8", description: "a string is not valid UTF-8")
    /// A JSON text that is not JSON.
    public static let invalidJSON = YError(code: "invalid-json", description: "a value is not valid JSON")
    /// An unknown kind of struct, type or value.
    public static let unknownKind = YError(code: "unknown-kind", description: "a struct, type or value of unknown kind")
    /// A struct without length, or one that depends on itself.
    public static let malformedStruct = YError(
        code: "malformed-struct", description: "a struct is empty or depends on itself")
    /// Values nested deeper, structs more numerous or pending updates longer than `YLimits` allows.
    public static let limitExceeded = YError(code: "limit-exceeded", description: "an update exceeds a limit")
    /// An index beyond the end of the type that is edited.
    public static let indexOutOfRange = YError(
        code: "index-out-of-range", description: "the index lies beyond the end of the type")
    /// The type that is read or edited was deleted, or is of another kind.
    public static let unusableType = YError(
        code: "unusable-type", description: "the type was deleted or is of another kind")
    /// The snapshot is of content that this document has collected.
    public static let contentCollected = YError(
        code: "content-collected", description: "the document no longer holds the deleted content")
}
