// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: Hibiki contributors

import HibikiMessaging
import NIOCore

/// What a connection does with deliveries when its outbound queue is full.
struct DeliveryGate {
    enum Verdict: Equatable {
        /// Write these bytes.
        case write(ByteBuffer)
        /// Nothing to write now.
        case skip
        /// Close the connection.
        case tooSlow
    }

    /// The newest publications that found no room, of topics that keep the newest.
    private var waiting: [(topic: Topic, bytes: ByteBuffer)] = []

    mutating func verdict(_ batch: DeliveryBatch, of topic: Topic, in format: WireFormat, hasRoom: Bool) -> Verdict {
        guard !hasRoom else { return .write(batch.bytes(in: format)) }
        switch batch.policy {
        case .close:
            return .tooSlow
        case .drop:
            return .skip
        case .latest:
            self.waiting.removeAll { $0.topic == topic }
            if let newest = batch.newest(in: format) {
                self.waiting.append((topic, newest))
            }
            return .skip
        }
    }

    /// What is to be written now that there is room again.
    mutating func takeWaiting() -> [ByteBuffer] {
        let bytes = self.waiting.map(\.bytes)
        self.waiting = []
        return bytes
    }

    mutating func forget(_ topic: Topic) {
        self.waiting.removeAll { $0.topic == topic }
    }
}
