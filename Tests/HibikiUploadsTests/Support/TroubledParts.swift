// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: Hibiki contributors

import HibikiMessaging
import NIOCore
import Synchronization

@testable import HibikiUploads

/// A store that fails about some uploads.
final class TroubledStore: BlobStore {
    struct Trouble: Error {}

    private let store: any BlobStore
    /// Whose files it does not take.
    let refused = Mutex<Set<UploadID>>([])
    /// Whose files it takes, and does not say so.
    let silent = Mutex<Set<UploadID>>([])
    /// Whose files it does not remove.
    let kept = Mutex<Set<UploadID>>([])
    /// Before which times it was to take back what was broken off.
    let limits = Mutex<[Timestamp]>([])

    init(_ store: any BlobStore) {
        self.store = store
    }

    func put(_ key: BlobKey, file path: String, type: FileType) async throws {
        guard !self.refused.withLock({ $0.contains(key.id) }) else { throw Trouble() }
        try await self.store.put(key, file: path, type: type)
        guard !self.silent.withLock({ $0.contains(key.id) }) else { throw Trouble() }
    }

    func size(of key: BlobKey) async throws -> Int? { try await self.store.size(of: key) }

    func read(_ key: BlobKey, _ range: Range<Int>, _ take: (ByteBuffer) async throws -> Void) async throws {
        try await self.store.read(key, range, take)
    }

    func removeUnfinished(before time: Timestamp) async throws {
        self.limits.withLock { $0.append(time) }
        throw Trouble()
    }

    func remove(_ key: BlobKey) async throws {
        guard !self.kept.withLock({ $0.contains(key.id) }) else { throw Trouble() }
        try await self.store.remove(key)
    }
}

/// Makes a thumbnail of one byte.
struct SmallThumbnailer: Thumbnailer {
    func makeThumbnail(of path: String, at result: String) async throws {
        try DiskFile(result, .creating).write(ByteBuffer(bytes: [1]), at: 0)
    }
}

enum Picture {
    /// The header of a PNG of 3 × 4 pixels.
    static let png: [UInt8] =
        [0x89, 0x50, 0x4E, 0x47, 0x0D, 0x0A, 0x1A, 0x0A, 0, 0, 0, 13] + Array("IHDR".utf8)
        + [0, 0, 0, 3, 0, 0, 0, 4, 8, 2, 0, 0, 0]
}
