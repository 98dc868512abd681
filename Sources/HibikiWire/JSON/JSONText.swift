// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: Hibiki contributors

/// What a JSON string says, to be compared byte by byte with a name that is known.
///
/// Two names are equal when their bytes are. Swift's `String` compares by canonical equivalence, which would
/// take U+212A (the Kelvin sign) for `K`.
///
/// It borrows the text of its scanner: it must not outlive the closure that lent the bytes.
public struct JSONText {
    private let bytes: UnsafeRawBufferPointer
    /// Stands in for `bytes` when the string was written with escapes.
    private let unescaped: String?

    init(plain bytes: UnsafeRawBufferPointer) {
        self.bytes = bytes
        self.unescaped = nil
    }

    init(unescaped: String) {
        self.bytes = UnsafeRawBufferPointer(start: nil, count: 0)
        self.unescaped = unescaped
    }

    public var string: String {
        self.unescaped ?? String(decoding: self.bytes, as: UTF8.self)
    }

    /// The length in bytes.
    public var count: Int {
        self.unescaped?.utf8.count ?? self.bytes.count
    }

    /// Lets a `switch` over a text name its cases.
    @inline(__always)
    public static func ~= (name: StaticString, text: JSONText) -> Bool {
        guard text.unescaped == nil else { return text.equalsUnescaped(name) }
        guard name.hasPointerRepresentation, name.utf8CodeUnitCount == text.bytes.count else { return false }
        for index in 0..<text.bytes.count where name.utf8Start[index] != text.bytes[index] { return false }
        return true
    }

    private func equalsUnescaped(_ name: StaticString) -> Bool {
        name.withUTF8Buffer { known in self.string.utf8.elementsEqual(known) }
    }
}
