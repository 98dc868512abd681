// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: Hibiki contributors

import Synchronization

/// What rooms have done since the server began.
public final class DocumentMeter: Sendable {
    private let updates = Atomic<UInt64>(0)
    private let bytes = Atomic<UInt64>(0)
    private let snapshots = Atomic<UInt64>(0)
    private let failures = Atomic<UInt64>(0)

    init() {}

    /// Updates that were stored.
    public var storedUpdates: UInt64 { self.updates.load(ordering: .relaxed) }
    /// Their bytes.
    public var storedBytes: UInt64 { self.bytes.load(ordering: .relaxed) }
    public var snapshotsMade: UInt64 { self.snapshots.load(ordering: .relaxed) }
    /// Times that a store did not do what it was asked.
    public var storeFailures: UInt64 { self.failures.load(ordering: .relaxed) }

    func stored(_ updates: Int, bytes: Int) {
        self.updates.wrappingAdd(UInt64(updates), ordering: .relaxed)
        self.bytes.wrappingAdd(UInt64(bytes), ordering: .relaxed)
    }

    func compacted() { self.snapshots.wrappingAdd(1, ordering: .relaxed) }
    func failed() { self.failures.wrappingAdd(1, ordering: .relaxed) }
}
