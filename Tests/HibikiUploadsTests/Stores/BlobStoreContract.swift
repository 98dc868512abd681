// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: Hibiki contributors

import NIOCore
import Testing

@testable import HibikiUploads

/// What every store of complete files does.
struct BlobStoreContract {
    let store: any BlobStore
    let folder: TemporaryFolder

    func check() async throws {
        try await self.keepsFiles()
        try await self.replaces()
        try await self.removes()
        try await self.misses()
        try await self.keepsLargeOnes()
    }

    func put(_ key: BlobKey, _ bytes: [UInt8]) async throws {
        let path = try self.folder.put("\(UploadID.random())", bytes)
        try await self.store.put(key, file: path, type: .text)
    }

    private func bytes(_ key: BlobKey, _ range: Range<Int>) async throws -> [UInt8] {
        var bytes: [UInt8] = []
        try await self.store.read(key, range) { bytes += Array($0.readableBytesView) }
        return bytes
    }

    private func keepsFiles() async throws {
        let key = BlobKey(.random())
        try await self.put(key, Array("0123456789".utf8))
        #expect(try await self.store.size(of: key) == 10)
        #expect(try await self.bytes(key, 0..<10) == Array("0123456789".utf8))
        #expect(try await self.bytes(key, 3..<5) == Array("34".utf8))
        #expect(try await self.bytes(key, 9..<10) == Array("9".utf8))
        #expect(try await self.bytes(key, 4..<4) == [])
        #expect(try await self.store.size(of: BlobKey(key.id, .thumbnail)) == nil)
        let empty = BlobKey(.random())
        try await self.put(empty, [])
        #expect(try await self.store.size(of: empty) == 0)
    }

    private func replaces() async throws {
        let key = BlobKey(.random(), .thumbnail)
        try await self.put(key, Array("old".utf8))
        try await self.put(key, Array("newer".utf8))
        #expect(try await self.bytes(key, 0..<5) == Array("newer".utf8))
    }

    private func removes() async throws {
        let key = BlobKey(.random())
        try await self.put(key, [1])
        try await self.store.remove(key)
        try await self.store.remove(key)
        #expect(try await self.store.size(of: key) == nil)
    }

    private func misses() async throws {
        await #expect(throws: BlobMissing.self) { _ = try await self.bytes(BlobKey(.random()), 0..<1) }
    }

    /// Longer than any piece in which a store handles it.
    private func keepsLargeOnes() async throws {
        let key = BlobKey(.random())
        let bytes = (0..<(17 << 20)).map { UInt8(truncatingIfNeeded: $0 &* 31 &+ $0 >> 12) }
        try await self.put(key, bytes)
        #expect(try await self.store.size(of: key) == bytes.count)
        #expect(try await self.bytes(key, 0..<bytes.count) == bytes)
        let middle = (8 << 20) - 3..<(16 << 20) + 5
        #expect(try await self.bytes(key, middle) == Array(bytes[middle]))
    }
}

@Suite struct `A store of complete files` {
    @Test func `in memory keeps the contract`() async throws {
        try await BlobStoreContract(store: MemoryBlobStore(), folder: TemporaryFolder()).check()
    }

    @Test func `on the disk keeps the contract`() async throws {
        let folder = try TemporaryFolder()
        try await BlobStoreContract(store: try DiskBlobStore("\(folder.path)/complete"), folder: folder).check()
    }
}
