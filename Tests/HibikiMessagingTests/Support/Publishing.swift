// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: Hibiki contributors

import HibikiMessaging
import HibikiWire
import NIOCore

extension Timestamp {
    static func at(_ seconds: Int64) -> Timestamp { Timestamp(milliseconds: seconds * 1_000) }
}

extension Draft {
    static func text(_ text: String, to topic: Topic, key: String? = nil) -> Draft {
        Draft(topic: topic, event: "message", payload: ByteBuffer(string: text), key: key)
    }
}

extension StreamPosition {
    static func test(_ offset: UInt64, epoch: UInt32 = 7) -> StreamPosition {
        StreamPosition(epoch: Epoch(epoch), offset: offset)
    }
}

extension EventLog {
    @discardableResult
    func store(
        _ text: String, in topic: Topic, key: String? = nil, at seconds: Int64 = 0
    ) throws(WireError) -> PublishReceipt {
        try self.append(.text(text, to: topic, key: key), at: .at(seconds)) { _ in }
    }

    func read(_ topic: Topic, from start: LogStart, at seconds: Int64 = 0) -> LogSlice {
        self.read(topic, from: start, limit: 10_000, at: .at(seconds))
    }
}

extension LogSlice {
    var texts: [String] { self.publications.map { String(buffer: $0.payload) } }
    var offsets: [UInt64] { self.publications.map(\.position.offset) }
}

/// The error that `body` throws.
func refusal(_ body: () throws(WireError) -> Void) -> WireErrorCode? {
    do throws(WireError) {
        try body()
        return nil
    } catch {
        return error.code
    }
}
