// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: Hibiki contributors

/// Makes values for the wire of what the application emits, by the same rules as `ArgumentDecoder`.
///
/// - `ByteBuffer` and `Data` are binary, at any depth.
/// - A `Date` is a string as `JSON.stringify` writes it, in UTC and cut to milliseconds; a `URL` is a string.
/// - Dictionaries with names or integers as keys are objects. An optional member that is `nil` is left out.
/// - An integer beyond 64 bits with a sign must be one that a double holds, or it is refused.
public struct ArgumentEncoder: Sendable {
    public init() {}

    /// - Throws: `EncodingError`, or what an `encode(to:)` throws.
    public func encode(_ value: some Encodable) throws -> JSON {
        try JSON(encoding: value, at: .root)
    }
}

extension JSON {
    init<T: Encodable>(encoding value: T, at path: CodingPath) throws {
        if let plain = try Self.written(value, path, { value throws(Unwritable) in try JSON.plain(value) }) {
            self = plain
            return
        }
        let node = EncodedNode()
        try value.encode(to: ValueEncoder(node, at: path))
        self = node.json
    }

    static func written<T, Result>(
        _ value: T, _ path: CodingPath, _ body: (T) throws(Unwritable) -> Result
    ) throws -> Result {
        do throws(Unwritable) {
            return try body(value)
        } catch {
            let context = EncodingError.Context(codingPath: path.keys, debugDescription: error.reason)
            throw EncodingError.invalidValue(error.shown ?? value, context)
        }
    }

    static func written<T: FixedWidthInteger>(integer value: T, _ path: CodingPath) throws -> JSON {
        try self.written(value, path) { value throws(Unwritable) in try .plain(integer: value) }
    }
}
