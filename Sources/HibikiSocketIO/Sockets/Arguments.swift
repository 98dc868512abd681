// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: Hibiki contributors

public import HibikiSocketIOCodec
import NIOCore

/// The arguments of an event or of an ack as they came: each is decoded when somebody asks for a type.
///
/// Passed on as they are they cost no decoding and no encoding:
///
/// ```swift
/// socket.onAny { event, arguments in
///     socket.to("mirror").emit(event, arguments)
/// }
/// ```
public struct Arguments: Hashable, Sendable {
    public var raw: [RawArgument]

    public init(_ raw: [RawArgument] = []) {
        self.raw = raw
    }

    /// Reads one argument.
    ///
    /// A missing argument is `nil` for an optional and `JSON.null`; for any other type it is an error.
    ///
    /// - Throws: `ArgumentError` with the path of what does not suit the type.
    public func decode<Value: Decodable>(_ type: Value.Type, at index: Int) throws -> Value {
        guard self.raw.indices.contains(index) else {
            guard type is any ExpressibleByNilLiteral.Type else {
                throw ArgumentError(.argument(index), "expected a value, found nothing")
            }
            return try ArgumentDecoder().decode(type, from: JSON.null, at: .argument(index))
        }
        return try ArgumentDecoder().decode(type, from: self.raw[index], at: .argument(index))
    }

    /// Reads the arguments in their order. Those that nobody asks for are left out.
    public func decode<each Value: Decodable>(_ types: repeat (each Value).Type) throws -> (repeat each Value) {
        var index = -1
        return (repeat try self.decode((each Value).self, advancing: &index))
    }

    private func decode<Value: Decodable>(_ type: Value.Type, advancing index: inout Int) throws -> Value {
        index += 1
        return try self.decode(type, at: index)
    }

    /// The arguments as values; those that cannot be read are `null`.
    public var json: [JSON] {
        self.raw.map { (try? JSON($0)) ?? .null }
    }

    /// What a receiver of these would get.
    init(writing arguments: some WritableArguments) throws {
        let format = PacketFormat(parser: .json)
        self = format.readAck(try format.ack(0, namespace: "/", arguments: arguments)) ?? Arguments()
    }

    /// The same with memory of its own, to be kept: what is received are slices of a larger buffer.
    func detached() -> Arguments {
        Arguments(
            self.raw.map { argument in
                var copy = argument
                copy.bytes = ByteBuffer(bytes: argument.bytes.readableBytesView)
                return copy
            })
    }
}

extension Arguments: RandomAccessCollection {
    public var startIndex: Int { 0 }
    public var endIndex: Int { self.raw.count }
    public subscript(position: Int) -> RawArgument { self.raw[position] }
}
