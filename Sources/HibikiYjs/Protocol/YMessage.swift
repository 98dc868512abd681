// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: Hibiki contributors

/// A message of the protocol in which editors speak to a server and to each other: y-protocols 1.0, as y-websocket frames it.
///
/// What it carries is not looked into: updates and state vectors are read by ``YDocument`` and ``YStateVector``, what people show by
/// ``YAwareness``.
public enum YMessage: Hashable, Sendable {
    /// "This is what I have": a state vector. It is answered with ``syncStep2(update:)``.
    case syncStep1(vector: [UInt8])
    /// "This is what you lack": an update.
    case syncStep2(update: [UInt8])
    /// Something has changed.
    case update([UInt8])
    /// What people show.
    case awareness([UInt8])
    /// Something was refused. Words for people.
    case permissionDenied(reason: String)
    /// "Tell me what people show."
    case queryAwareness

    /// The most messages in one frame. Clients put one or a few there.
    public static let mostInFrame = 100

    private enum Kind {
        static let sync = 0
        static let awareness = 1
        static let authentication = 2
        static let queryAwareness = 3
    }

    /// The messages of a frame, in their order.
    ///
    /// - Throws: `unexpected-end` for a message that is cut off, `unknown-kind` for one of another protocol, `limit-exceeded` for more
    ///   than ``mostInFrame``.
    public static func messages(in frame: [UInt8]) throws(YError) -> [YMessage] {
        var reader = ByteReader(frame)
        var messages: [YMessage] = []
        while !reader.isAtEnd {
            guard messages.count < self.mostInFrame else { throw .limitExceeded }
            messages.append(try YMessage(&reader))
        }
        return messages
    }

    private init(_ reader: inout ByteReader) throws(YError) {
        switch try reader.varUint() {
        case Kind.sync: self = try Self.sync(&reader)
        case Kind.awareness: self = .awareness(try reader.byteArray())
        case Kind.authentication:
            guard try reader.varUint() == 0 else { throw .unknownKind }
            self = .permissionDenied(reason: try reader.string())
        case Kind.queryAwareness: self = .queryAwareness
        default: throw .unknownKind
        }
    }

    private static func sync(_ reader: inout ByteReader) throws(YError) -> YMessage {
        switch try reader.varUint() {
        case 0: .syncStep1(vector: try reader.byteArray())
        case 1: .syncStep2(update: try reader.byteArray())
        case 2: .update(try reader.byteArray())
        default: throw .unknownKind
        }
    }

    /// The message as a frame of its own.
    public var frame: [UInt8] {
        switch self {
        case .syncStep1(let vector): Self.frame(Kind.sync, 0, vector)
        case .syncStep2(let update): Self.frame(Kind.sync, 1, update)
        case .update(let update): Self.frame(Kind.sync, 2, update)
        case .awareness(let update): Self.frame(Kind.awareness, nil, update)
        case .permissionDenied(let reason): Self.frame(Kind.authentication, 0, Array(reason.utf8))
        case .queryAwareness: [UInt8(Kind.queryAwareness)]
        }
    }

    private static func frame(_ kind: Int, _ step: Int?, _ bytes: [UInt8]) -> [UInt8] {
        var writer = ByteWriter(reserving: bytes.count + 12)
        writer.varUint(kind)
        if let step { writer.varUint(step) }
        writer.byteArray(bytes)
        return writer.bytes
    }
}
