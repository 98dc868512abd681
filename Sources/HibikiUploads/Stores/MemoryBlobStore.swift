// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: Hibiki contributors

public import NIOCore
import NIOPosix
import Synchronization

/// Complete files in memory, for tests and for servers that keep nothing.
public final class MemoryBlobStore: BlobStore {
    private let blobs = Mutex<[BlobKey: ByteBuffer]>([:])

    public init() {}

    public func put(_ key: BlobKey, file path: String, type: FileType) async throws {
        let bytes = try await NIOThreadPool.singleton.work {
            let file = try DiskFile(path, .reading)
            var bytes = ByteBuffer()
            while var part = Optional(try file.read(at: bytes.readableBytes, Staging.portion)), part.readableBytes > 0 {
                bytes.writeBuffer(&part)
            }
            return bytes
        }
        self.blobs.withLock { $0[key] = bytes }
    }

    public func size(of key: BlobKey) async throws -> Int? {
        self.blobs.withLock { $0[key]?.readableBytes }
    }

    public func read(
        _ key: BlobKey, _ range: Range<Int>, _ take: (ByteBuffer) async throws -> Void
    ) async throws {
        guard let bytes = self.blobs.withLock({ $0[key] }),
            let part = bytes.getSlice(at: bytes.readerIndex + range.lowerBound, length: range.count)
        else { throw BlobMissing(key) }
        if part.readableBytes > 0 { try await take(part) }
    }

    public func remove(_ key: BlobKey) async throws {
        self.blobs.withLock { _ = $0.removeValue(forKey: key) }
    }
}
