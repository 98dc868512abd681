// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: Hibiki contributors

import NIOCore
public import NIOPosix

/// Where uploads stand until they are complete: one file for each, on the disk of this machine, whatever the store of complete ones is.
///
/// The length of the file is the offset of the upload. Nothing else knows it, so a server that was killed goes on where the disk is.
public struct Staging: Sendable {
    /// Bytes that are read at once.
    static let portion = 256 << 10

    let folder: String
    private let quarantine: String
    let pool: NIOThreadPool

    /// - Parameter folder: made if it is not there.
    public init(_ folder: String, pool: NIOThreadPool = .singleton) throws {
        // vipsthumbnail takes a relative name of its result for one in the folder of the picture.
        let folder = try Disk.absolute(folder)
        self.folder = "\(folder)/unfinished"
        self.quarantine = "\(folder)/quarantine"
        self.pool = pool
        try Disk.makeFolder(self.folder)
        try Disk.makeFolder(self.quarantine)
    }

    public func path(_ id: UploadID) -> String { "\(self.folder)/\(id)" }

    /// Makes an empty file. The disk need not have it: without it the upload begins at 0 all the same.
    func create(_ id: UploadID) async throws {
        try await self.pool.work { _ = try DiskFile(self.path(id), .creating) }
    }

    /// Bytes that are there; `nil` if there is no such file.
    func size(_ id: UploadID) async throws -> Int? {
        try await self.pool.work {
            Disk.exists(self.path(id)) ? try DiskFile(self.path(id), .reading).size : nil
        }
    }

    /// The first bytes.
    func head(_ id: UploadID, _ count: Int) async throws -> ByteBuffer {
        try await self.pool.work { try DiskFile(self.path(id), .reading).read(at: 0, count) }
    }

    func remove(_ id: UploadID) async throws {
        try await self.pool.work { try Disk.remove(self.path(id)) }
    }

    /// Sets a file aside that nobody is to get.
    func quarantine(_ id: UploadID) async throws {
        try await self.pool.work { try Disk.rename(self.path(id), to: "\(self.quarantine)/\(id)") }
    }

    func removeFromQuarantine(_ id: UploadID) async throws {
        try await self.pool.work { try Disk.remove("\(self.quarantine)/\(id)") }
    }

    /// The uploads that have a file, for whoever looks for files that nobody knows.
    func all() async throws -> [UploadID] {
        try await self.pool.work { try Disk.names(in: self.folder).compactMap { UploadID($0) } }
    }

    /// Adds bytes to a file that has `offset` of them.
    func writer(_ id: UploadID, at offset: Int) async throws -> StagedWriter {
        let file = try await self.pool.work { try DiskFile(self.path(id), .writing) }
        return StagedWriter(file: file, pool: self.pool, start: offset)
    }
}

/// Adds bytes to the end of an unfinished upload.
struct StagedWriter {
    private let file: DiskFile
    private let pool: NIOThreadPool
    private let start: Int
    private(set) var offset: Int

    fileprivate init(file: DiskFile, pool: NIOThreadPool, start: Int) {
        self.file = file
        self.pool = pool
        self.start = start
        self.offset = start
    }

    mutating func write(_ bytes: ByteBuffer) async throws {
        let file = self.file
        let offset = self.offset
        try await self.pool.work { try file.write(bytes, at: offset) }
        self.offset += bytes.readableBytes
    }

    /// Returns when the disk has what was written.
    func synchronize() async throws {
        let file = self.file
        try await self.pool.work { try file.synchronize() }
    }

    /// Throws away what this writer has written.
    mutating func discard() async throws {
        let file = self.file
        let start = self.start
        try await self.pool.work {
            try file.truncate(to: start)
            try file.synchronize()
        }
        self.offset = start
    }
}
