// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: Hibiki contributors

import HibikiMessaging
import NIOCore
import Synchronization
import Testing

@testable import HibikiUploads

@Suite struct `A server that was killed` {
    private static let text = Array("The quick brown fox".utf8)

    /// An upload whose bytes are all there, and that nobody has completed.
    private static func staged(_ bytes: [UInt8], _ bench: UploadBench) async throws -> Upload {
        let upload = try await bench.create(bytes.count)
        var writer = try await bench.service.parts.staging.writer(upload.id, at: 0)
        try await writer.write(ByteBuffer(bytes: bytes))
        return upload
    }

    @Test func `after a file got its place knows what it is`() async throws {
        let folder = try TemporaryFolder()
        let store = TroubledStore(try DiskBlobStore("\(folder.path)/complete"))
        let bench = try UploadBench(folder: folder, store: store)
        let upload = try await bench.create(Picture.png.count)
        store.silent.withLock { _ = $0.insert(upload.id) }
        #expect(try await refusal { try await bench.append(Picture.png, to: upload.id, at: 0) } == 503)
        let next = try UploadBench(folder: folder)
        await next.service.recover()
        let found = try await next.service.open(upload.id, by: UploadBench.ann)
        #expect(found.type == .png)
        #expect(found.size == PictureSize(width: 3, height: 4))
    }

    @Test func `has the store take back what was broken off a day ago, and goes on when it cannot`() async throws {
        let folder = try TemporaryFolder()
        let store = TroubledStore(try DiskBlobStore("\(folder.path)/complete"))
        let bench = try UploadBench(folder: folder, store: store)
        let upload = try await Self.staged(Self.text, bench)
        await bench.service.recover()
        #expect(store.limits.withLock { $0 } == [bench.now.advanced(by: .seconds(-86_400))])
        #expect(try await bench.service.open(upload.id, by: UploadBench.ann).state == .ready)
    }

    @Test func `before the file of no bytes was made makes it`() async throws {
        let bench = try UploadBench()
        let upload = Upload(id: .random(), owner: "ann", length: 0, created: bench.now)
        try await bench.service.parts.index.insert(upload, UploadLimits())
        await bench.service.recover()
        #expect(try await bench.service.open(upload.id, by: UploadBench.ann).type == .text)
        #expect(try await bench.service.parts.store.size(of: BlobKey(upload.id)) == 0)
    }

    @Test func `goes on with the others when one cannot be gone on with`() async throws {
        let folder = try TemporaryFolder()
        let store = TroubledStore(try DiskBlobStore("\(folder.path)/complete"))
        let bench = try UploadBench(folder: folder, store: store)
        let first = try await Self.staged(Self.text, bench)
        bench.pass(.seconds(1))
        let second = try await Self.staged(Self.text, bench)
        store.refused.withLock { _ = $0.insert(first.id) }
        await bench.service.recover()
        #expect(try await refusal { _ = try await bench.service.open(first.id, by: UploadBench.ann) } == 409)
        #expect(try await bench.service.open(second.id, by: UploadBench.ann).state == .ready)
    }

    @Test func `queues a picture once`() async throws {
        let bench = try UploadBench {
            $0.thumbnailer = SmallThumbnailer()
            $0.thumbnails.queue = 1
        }
        let upload = try await Self.staged(Picture.png, bench)
        await bench.service.recover()
        // A second time there was no room for it, and it would get none.
        #expect(try await bench.service.open(upload.id, by: UploadBench.ann).thumbnail == .pending)
    }
}

@Suite struct `A queue of thumbnails` {
    @Test func `that is full refuses a picture at once`() async throws {
        let bench = try UploadBench {
            $0.thumbnailer = SmallThumbnailer()
            $0.thumbnails.queue = 0
        }
        let upload = try await bench.upload(Picture.png)
        #expect(upload.state == .ready)
        #expect(upload.thumbnail == .none)
        #expect(try await bench.service.open(upload.id, by: UploadBench.ann).thumbnail == .none)
    }

    @Test func `takes one again when it was finished`() async throws {
        let queue = ThumbnailQueue(limit: 1)
        let (one, two) = (UploadID.random(), UploadID.random())
        #expect(queue.add(one))
        #expect(queue.add(one))
        #expect(!queue.add(two))
        #expect(await queue.next() == one)
        #expect(queue.add(one))
        #expect(queue.add(two))
        #expect(await queue.next() == two)
        queue.finish(one)
        #expect(queue.add(one))
        #expect(await queue.next() == one)
    }
}
