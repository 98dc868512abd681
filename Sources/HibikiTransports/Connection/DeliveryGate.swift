// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: Hibiki contributors

import HibikiMessaging

/// What a connection does with deliveries when its outbound queue is full.
struct DeliveryGate {
    enum Verdict: Equatable {
        case write
        /// Nothing to write now.
        case skip
        /// Close the connection.
        case tooSlow
    }

    /// The newest publications that found no room, of topics that keep the newest.
    private var waiting: [Publication] = []

    mutating func verdict(_ batch: DeliveryBatch, hasRoom: Bool) -> Verdict {
        guard !hasRoom else { return .write }
        switch batch.policy {
        case .close:
            return .tooSlow
        case .drop:
            return .skip
        case .latest:
            if let newest = batch.newest {
                self.forget(newest.topic)
                self.waiting.append(newest)
            }
            return .skip
        }
    }

    /// What is to be written now that there is room again.
    mutating func takeWaiting() -> [Publication] {
        defer { self.waiting = [] }
        return self.waiting
    }

    mutating func forget(_ topic: Topic) {
        self.waiting.removeAll { $0.topic == topic }
    }
}
