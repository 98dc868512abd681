// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: Hibiki contributors

public import HibikiMessaging
public import Logging
public import NIOPosix
import Synchronization

/// An index of one small file for each upload, all of which are in memory too.
///
/// A file that says no upload is set aside, and the upload is no more.
public final class FileUploadIndex: UploadIndex {
    private let folder: String
    private let pool: NIOThreadPool
    private let table: Mutex<UploadTable>

    /// Reads what is there. Throws if the disk does not give it: what is not known would be deleted.
    ///
    /// - Parameters:
    ///   - folder: made if it is not there.
    ///   - now: from when the time of unfinished uploads is counted again. Nobody could go on with them while the server was away.
    public init(_ folder: String, pool: NIOThreadPool = .singleton, at now: Timestamp, logger: Logger) throws {
        self.folder = folder
        self.pool = pool
        try Disk.makeFolder(folder)
        var table = UploadTable()
        for shelf in try Disk.names(in: folder) where shelf.utf8.count == 2 {
            for name in try Disk.names(in: "\(folder)/\(shelf)") where name.hasSuffix(".json") {
                guard var upload = try Self.read("\(folder)/\(shelf)/\(name)", logger: logger) else { continue }
                if upload.state == .receiving { upload.touched = max(upload.touched, now) }
                table.put(upload)
            }
        }
        self.table = Mutex(table)
    }

    private static func read(_ path: String, logger: Logger) throws -> Upload? {
        let record = try DiskFile(path, .reading).read(at: 0, 64 << 10)
        do {
            return try Upload(record: record)
        } catch {
            logger.error(
                "an upload is lost: what was written down about it cannot be read",
                metadata: ["file": "\(path)", "error": "\(error)"])
            try? Disk.rename(path, to: path + ".damaged")
            return nil
        }
    }

    private func path(_ id: UploadID) -> String { "\(self.folder)/\(id.shelf)/\(id).json" }

    private func write(_ upload: Upload) async throws {
        try await self.pool.work {
            let shelf = "\(self.folder)/\(upload.id.shelf)"
            if !Disk.exists(shelf) {
                try Disk.makeFolder(shelf)
                try Disk.synchronizeFolder(ofFile: shelf)
            }
            try Disk.replace(self.path(upload.id), with: upload.record)
        }
    }

    public func insert(_ upload: Upload, _ limits: UploadLimits) async throws {
        try self.table.withLock { table in
            try table.check(upload, limits)
            table.put(upload)
        }
        do {
            try await self.write(upload)
        } catch {
            self.table.withLock { $0.remove(upload.id) }
            throw error
        }
    }

    public func upload(_ id: UploadID) async throws -> Upload? { self.table.withLock { $0.uploads[id] } }

    public func replace(_ upload: Upload) async throws {
        guard self.table.withLock({ $0.uploads[upload.id] != nil }) else { return }
        try await self.write(upload)
        self.table.withLock { $0.put(upload) }
    }

    public func note(_ upload: Upload) async throws {
        self.table.withLock { if $0.uploads[upload.id] != nil { $0.put(upload) } }
    }

    public func remove(_ id: UploadID) async throws {
        try await self.pool.work { try Disk.remove(self.path(id)) }
        self.table.withLock { $0.remove(id) }
    }

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
