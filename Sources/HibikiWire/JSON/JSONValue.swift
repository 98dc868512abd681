// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: Hibiki contributors

/// One value of a JSON text: what it is and where it stands. It holds no bytes.
public struct JSONValue: Equatable, Sendable {
    public enum Kind: Equatable, Sendable {
        case object, array, string, number, `true`, `false`, null
    }

    public let kind: Kind
    /// The bytes of the value, counted from the start of the text, without the whitespace around it.
    public let range: Range<Int>
    /// Whether a string holds a backslash and must be unescaped before it is used.
    let hasEscapes: Bool

    init(_ kind: Kind, _ range: Range<Int>, hasEscapes: Bool = false) {
        self.kind = kind
        self.range = range
        self.hasEscapes = hasEscapes
    }
}
