// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: Hibiki contributors

public import HibikiMessaging
import Synchronization

/// An index that ends with the process.
public final class MemoryUploadIndex: UploadIndex {
    private let table = Mutex(UploadTable())

    public init() {}

    public func insert(_ upload: Upload, _ limits: UploadLimits) async throws {
        try self.table.withLock { table in
            try table.check(upload, limits)
            table.put(upload)
        }
    }

    public func upload(_ id: UploadID) async throws -> Upload? { self.table.withLock { $0.uploads[id] } }

    public func replace(_ upload: Upload) async throws {
        self.table.withLock { if $0.uploads[upload.id] != nil { $0.put(upload) } }
    }

    public func remove(_ id: UploadID) async throws { self.table.withLock { $0.remove(id) } }

    public func holdings(of owner: String) async throws -> UploadHoldings {
        self.table.withLock { $0.holdings(of: owner) }
    }

    public func uploads(of owner: String, limit: Int) async throws -> [Upload] {
        self.table.withLock { $0.uploads(of: owner, limit: limit) }
    }

    public func untouched(since time: Timestamp, _ state: Upload.State, limit: Int) async throws -> [Upload] {
        self.table.withLock { $0.untouched(since: time, state, limit: limit) }
    }
}
