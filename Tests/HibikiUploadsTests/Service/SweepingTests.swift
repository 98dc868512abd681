// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: Hibiki contributors

import Foundation
import HibikiMessaging
import NIOCore
import Synchronization
import Testing

@testable import HibikiUploads

@Suite struct `A sweep` {
    @Test func `interrupts nobody, and removes files that nobody knows`() async throws {
        let bench = try UploadBench()
        let stranger = UploadID.random()
        try await bench.service.parts.staging.create(stranger)
        let upload = try await bench.create(10)
        let (body, source) = AsyncThrowingStream.makeStream(of: ByteBuffer.self)
        source.yield(ByteBuffer(bytes: [65, 66, 67]))
        let sending = Task { try await bench.append(body, to: upload.id, at: 0) }
        while try await bench.service.stored(upload) < 3 { await Task.yield() }
        // By its time it has run out too.
        bench.pass(.seconds(2 * 86_400))
        await bench.service.sweep(at: bench.now)
        #expect(try await bench.service.parts.staging.size(stranger) == nil)
        source.yield(ByteBuffer(repeating: 68, count: 7))
        source.finish()
        #expect(try await sending.value.upload.state == .ready)
    }

    @Test func `that fails about one goes on with the others`() async throws {
        let folder = try TemporaryFolder()
        let store = TroubledStore(try DiskBlobStore("\(folder.path)/complete"))
        let bench = try UploadBench(folder: folder, store: store)
        let first = try await bench.create(10)
        bench.pass(.seconds(1))
        let second = try await bench.create(10)
        store.kept.withLock { _ = $0.insert(first.id) }
        bench.pass(.seconds(2 * 86_400))
        await bench.service.sweep(at: bench.now)
        #expect(try await bench.service.parts.index.upload(first.id) != nil)
        #expect(try await bench.service.parts.index.upload(second.id) == nil)
    }
}

@Suite struct `A file that is held` {
    private static let text = Array("text".utf8)

    @Test func `is for a message from then on, as one that was begun for one`() async throws {
        let bench = try UploadBench()
        let upload = try await bench.upload(Self.text)
        #expect(!upload.isForMessage)
        _ = try await bench.service.hold(upload.id, by: UploadBench.ann)
        var fields = TusCreation.Fields()
        fields.version = Tus.version
        fields.length = "4"
        fields.metadata = "for bWVzc2FnZQ=="
        let begun = try await bench.service.create(
            TusCreation(fields, bench.service.limits), by: UploadBench.ann)
        let next = try UploadBench(folder: bench.folder)
        for id in [upload.id, begun.id] {
            #expect(try await next.service.parts.index.upload(id)?.isForMessage == true)
        }
    }

    @Test func `by somebody who may not have it stays undisturbed`() async throws {
        let bench = try UploadBench()
        let upload = try await bench.create(10)
        let (body, source) = AsyncThrowingStream.makeStream(of: ByteBuffer.self)
        source.yield(ByteBuffer(bytes: [65, 66, 67]))
        let sending = Task { try await bench.append(body, to: upload.id, at: 0) }
        while try await bench.service.stored(upload) < 3 { await Task.yield() }
        for (principal, status) in [(UploadBench.bob, 404), (UploadBench.ann, 409)] {
            #expect(try await refusal { _ = try await bench.service.hold(upload.id, by: principal) } == status)
        }
        source.yield(ByteBuffer(repeating: 68, count: 7))
        source.finish()
        #expect(try await sending.value.upload.state == .ready)
    }

    @Test func `is refused for a time where the disk or the access fails`() async throws {
        struct Unsure: UploadAccess {
            struct Trouble: Error {}
            func mayCreate(_ principal: Principal) async -> Bool { true }
            func mayRead(_ upload: Upload, _ principal: Principal) async throws -> Bool { throw Trouble() }
        }
        let bench = try UploadBench { $0.access = Unsure() }
        let upload = try await bench.upload(Self.text)
        #expect(try await refusal { _ = try await bench.service.hold(upload.id, by: UploadBench.bob) } == 503)
        // Where its record is to be written, something else stands.
        try FileManager.default.removeItem(atPath: "\(bench.folder.path)/index")
        _ = try bench.folder.put("index", [])
        #expect(try await refusal { _ = try await bench.service.hold(upload.id, by: UploadBench.ann) } == 500)
    }
}
