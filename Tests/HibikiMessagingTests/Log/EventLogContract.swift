// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: Hibiki contributors

import HibikiMessaging
import Testing

/// A way of making an empty log, for the contract that every ``EventLog`` keeps.
struct EventLogImplementation: Sendable, CustomTestStringConvertible {
    let testDescription: String
    let make: @Sendable (LogRetention) -> any EventLog

    /// What the contract is held to. Another log joins with one line.
    static let all = [
        EventLogImplementation(testDescription: "MemoryEventLog") { MemoryEventLog(epoch: Epoch(7), retention: $0) },
        EventLogImplementation(testDescription: "MemoryEventLog of one shard") {
            MemoryEventLog(epoch: Epoch(.max), retention: $0, shards: 1)
        },
        EventLogImplementation(testDescription: "MeasuredEventLog") {
            MeasuredEventLog(MemoryEventLog(epoch: Epoch(7), retention: $0), oneIn: 2)
        },
    ]

    func callAsFunction(_ change: (inout LogRetention) -> Void = { _ in }) -> any EventLog {
        var retention = LogRetention()
        change(&retention)
        return self.make(retention)
    }
}

/// The sentences of ``EventLog``, each in a suite of its own.
@Suite enum EventLogContract {}
