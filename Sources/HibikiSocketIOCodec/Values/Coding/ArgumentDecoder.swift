// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: Hibiki contributors

/// Makes Swift values of what a client sent.
///
/// - Integers are exact: `1.0` is an `Int`, `1.5` and `300` as a `UInt8` are errors.
/// - `ByteBuffer` and `Data` come from binary only, at any depth. `[UInt8]` is an array of numbers.
/// - A `Date` is a string as `JSON.stringify` writes it, or a number of milliseconds since 1970. A `URL` is a string.
/// - An optional is `nil` for `null` and for a member that is not there.
/// - `JSON` takes anything; `RawArgument` takes the argument as it came.
public struct ArgumentDecoder: Sendable {
    public init() {}

    /// Decodes one argument.
    ///
    /// Plain types (strings, numbers, `Bool`, binary, dates, `JSON`, `RawArgument`) are read from the bytes; others by
    /// way of a `JSON`.
    ///
    /// - Parameter path: how errors call the argument.
    /// - Throws: `ArgumentError`, or what an `init(from:)` throws that is no `DecodingError`.
    public func decode<T: Decodable>(
        _ type: T.Type, from argument: RawArgument, at path: ArgumentPath = .argument(0)
    ) throws -> T {
        if type == RawArgument.self, let same = argument as? T { return same }
        let isScalar = JSON.isScalar(type)
        let value = isScalar ? try argument.readShallow(at: path) : try JSON(argument, at: path)
        return try self.decode(type, from: value, at: path)
    }

    /// Decodes a value that was read before.
    public func decode<T: Decodable>(
        _ type: T.Type, from value: JSON, at path: ArgumentPath = .argument(0)
    ) throws -> T {
        do {
            if let plain = try value.plain(type) { return plain }
            return try T(from: ValueDecoder(value, at: .root))
        } catch let mismatch as Mismatch {
            throw ArgumentError(path, mismatch.reason)
        } catch let error as DecodingError {
            throw ArgumentError(error, at: path)
        }
    }
}

extension ArgumentError {
    /// Longer reasons, which may quote what the client sent, are cut.
    private static let reasonLength = 200

    init(_ error: DecodingError, at path: ArgumentPath) {
        let (keys, reason) = Self.parts(of: error)
        let steps = keys.map { key in
            key.intValue.map(ArgumentPath.Step.index) ?? .name(key.stringValue)
        }
        self.init(ArgumentPath(path.root, path.steps + steps), Self.cut(reason))
    }

    private static func parts(of error: DecodingError) -> (keys: [any CodingKey], reason: String) {
        switch error {
        case .typeMismatch(_, let context), .valueNotFound(_, let context), .dataCorrupted(let context):
            (context.codingPath, context.debugDescription)
        case .keyNotFound(let key, let context): (context.codingPath + [key], context.debugDescription)
        @unknown default: ([], "\(error)")
        }
    }

    private static func cut(_ reason: String) -> String {
        guard reason.utf8.count > Self.reasonLength else { return reason }
        return String(String.UnicodeScalarView(reason.unicodeScalars.prefix(Self.reasonLength))) + "…"
    }
}
