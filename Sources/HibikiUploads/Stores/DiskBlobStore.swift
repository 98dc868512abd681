// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: Hibiki contributors

public import NIOCore
public import NIOPosix

/// Complete files in folders of this machine. One is written elsewhere and gets its name in one step.
public struct DiskBlobStore: BlobStore {
    private let folder: String
    private let pool: NIOThreadPool

    /// - Parameter folder: made if it is not there. Files that are put have to be on the same file system.
    public init(_ folder: String, pool: NIOThreadPool = .singleton) throws {
        self.folder = folder
        self.pool = pool
        for kind in BlobKey.Kind.allCases {
            try Disk.makeFolder("\(folder)/\(kind.rawValue)")
        }
    }

    private func path(_ key: BlobKey) -> String { "\(self.folder)/\(key)" }

    public func put(_ key: BlobKey, file path: String, type: FileType) async throws {
        try await self.pool.work {
            try DiskFile(path, .reading).synchronize()
            let shelf = "\(self.folder)/\(key.kind.rawValue)/\(key.id.shelf)"
            if !Disk.exists(shelf) {
                try Disk.makeFolder(shelf)
                try Disk.synchronizeFolder(ofFile: shelf)
            }
            try Disk.rename(path, to: self.path(key))
        }
    }

    public func size(of key: BlobKey) async throws -> Int? {
        try await self.pool.work {
            Disk.exists(self.path(key)) ? try DiskFile(self.path(key), .reading).size : nil
        }
    }

    public func read(
        _ key: BlobKey, _ range: Range<Int>, _ take: (ByteBuffer) async throws -> Void
    ) async throws {
        let file = try await self.pool.work {
            guard Disk.exists(self.path(key)) else { throw BlobMissing(key) }
            return try DiskFile(self.path(key), .reading)
        }
        var offset = range.lowerBound
        while offset < range.upperBound {
            let start = offset
            let count = min(Staging.portion, range.upperBound - start)
            let bytes = try await self.pool.work { try file.read(at: start, count) }
            guard bytes.readableBytes > 0 else { throw BlobMissing(key) }
            offset += bytes.readableBytes
            try await take(bytes)
        }
    }

    public func remove(_ key: BlobKey) async throws {
        try await self.pool.work { try Disk.remove(self.path(key)) }
    }
}
