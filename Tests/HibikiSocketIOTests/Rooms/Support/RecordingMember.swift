// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: Hibiki contributors

import HibikiSocketIO
import HibikiSocketIOCodec
import NIOCore
import Synchronization

/// A member that keeps what it is given.
final class RecordingMember: RoomMember {
    struct Record: Hashable, Sendable {
        var text: String
        var isVolatile: Bool
        var isCompressible: Bool
    }

    let id: String
    private let records = Mutex<[[Record]]>([])

    init(_ id: String) {
        self.id = id
    }

    /// What came, one list for each call.
    var batches: [[Record]] { self.records.withLock { $0 } }
    var texts: [String] { self.batches.flatMap { $0.map(\.text) } }

    func deliver(_ batch: EngineBatch) {
        let messages = batch.messages.map { message in
            Record(
                text: message.packet.joined, isVolatile: batch.isVolatile, isCompressible: message.isCompressible)
        }
        self.records.withLock { $0.append(messages) }
    }

    func forget() {
        self.records.withLock { $0 = [] }
    }
}

extension EncodedPacket {
    static func text(_ text: String) -> EncodedPacket {
        EncodedPacket(.text(ByteBuffer(string: text)))
    }

    /// All parts, with a bar between them.
    var joined: String {
        switch self.first {
        case .text(let bytes), .binary(let bytes):
            ([bytes] + self.attachments).map { String(buffer: $0) }.joined(separator: "|")
        }
    }
}
