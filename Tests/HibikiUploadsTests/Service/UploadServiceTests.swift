// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: Hibiki contributors

import HibikiMessaging
import NIOCore
import Synchronization
import Testing

@testable import HibikiUploads

@Suite struct `An upload` {
    private static let text = Array("The quick brown fox".utf8)

    @Test func `goes on where the disk is, and can be read when it is complete`() async throws {
        let bench = try UploadBench()
        let upload = try await bench.create(Self.text.count)
        #expect(try await bench.append(Array(Self.text[..<5]), to: upload.id, at: 0).offset == 5)
        #expect(try await bench.service.progress(of: upload.id, by: UploadBench.ann, interrupts: true).offset == 5)
        let (complete, offset) = try await bench.append(Array(Self.text[5...]), to: upload.id, at: 5)
        #expect(complete.state == .ready)
        #expect(complete.type == .text)
        #expect(offset == Self.text.count)
        #expect(try await bench.bytes(of: BlobKey(upload.id), 4..<9) == Array("quick".utf8))
    }

    @Test func `keeps what has come when its client is lost`() async throws {
        let bench = try UploadBench()
        let upload = try await bench.create(Self.text.count)
        let body = Parts([Array(Self.text[..<7]), Array(Self.text[7..<9])], isCut: true)
        await #expect(throws: UploadInterrupted(isReplaced: false)) {
            try await bench.append(body, to: upload.id, at: 0)
        }
        #expect(try await bench.service.stored(upload) == 9)
        #expect(try await bench.append(Array(Self.text[9...]), to: upload.id, at: 9).upload.state == .ready)
        #expect(try await bench.bytes(of: BlobKey(upload.id), 0..<Self.text.count) == Self.text)
    }

    @Test func `is as far as the disk is for a server that was started anew`() async throws {
        let bench = try UploadBench()
        let upload = try await bench.create(Self.text.count)
        try await bench.append(Array(Self.text[..<5]), to: upload.id, at: 0)
        let other = try UploadBench(folder: bench.folder)
        #expect(try await other.service.progress(of: upload.id, by: UploadBench.ann, interrupts: true).offset == 5)
        try await other.append(Array(Self.text[5...]), to: upload.id, at: 5)
        #expect(try await other.bytes(of: BlobKey(upload.id), 0..<Self.text.count) == Self.text)
    }

    @Test func `whose last bytes were stored before a crash is completed by the next server`() async throws {
        let bench = try UploadBench()
        let upload = try await bench.create(Self.text.count)
        var writer = try await bench.service.parts.staging.writer(upload.id, at: 0)
        try await writer.write(ByteBuffer(bytes: Self.text))
        let other = try UploadBench(folder: bench.folder)
        await other.service.recover()
        #expect(try await other.service.open(upload.id, by: UploadBench.ann).type == .text)
    }

    @Test func `that was moved to its place before a crash is found there`() async throws {
        let bench = try UploadBench()
        let upload = try await bench.create(Self.text.count)
        let staging = bench.service.parts.staging
        var writer = try await staging.writer(upload.id, at: 0)
        try await writer.write(ByteBuffer(bytes: Self.text))
        try await bench.service.parts.store.put(BlobKey(upload.id), file: staging.path(upload.id), type: .text)
        let other = try UploadBench(folder: bench.folder)
        #expect(try await other.service.stored(upload) == Self.text.count)
        await other.service.recover()
        #expect(try await other.service.open(upload.id, by: UploadBench.ann).state == .ready)
    }

    @Test func `has a body that is too long cut at its end`() async throws {
        let bench = try UploadBench()
        let upload = try await bench.create(4)
        let status = try await refusal {
            try await bench.append(Parts([[65, 66], [67, 68, 69]]), to: upload.id, at: 0)
        }
        #expect(status == 413)
        #expect(try await bench.service.stored(upload) == 2)
    }

    @Test func `throws away bytes that do not fit their checksum`() async throws {
        let bench = try UploadBench()
        let upload = try await bench.create(5)
        // Of "hello"
        let good = "sha1 qvTGHdzF6KLavt4PO0gs2a6pQ00="
        #expect(
            try await refusal { try await bench.append(Array("hallo".utf8), to: upload.id, at: 0, checksum: good) }
                == 460)
        #expect(try await bench.service.stored(upload) == 0)
        let cut = Parts([Array("hel".utf8)], isCut: true)
        await #expect(throws: UploadInterrupted.self) {
            try await bench.append(cut, to: upload.id, at: 0, checksum: good)
        }
        #expect(try await bench.service.stored(upload) == 0)
        #expect(
            try await bench.append(Array("hello".utf8), to: upload.id, at: 0, checksum: good).upload.state == .ready)
    }

    @Test func `of a type that is not taken ends with its first bytes`() async throws {
        let bench = try UploadBench()
        let upload = try await bench.create(1 << 20)
        let script = Array("#!/bin/sh\n".utf8) + [UInt8](repeating: 0x20, count: TypeSniffer.window)
        #expect(try await refusal { try await bench.append(script, to: upload.id, at: 0) } == 415)
        #expect(try await refusal { try await bench.append([65], to: upload.id, at: 0) } == 404)
        #expect(try await bench.service.parts.staging.size(upload.id) == nil)
    }

    @Test func `of nobody else is there`() async throws {
        let bench = try UploadBench()
        let upload = try await bench.create(4)
        #expect(try await refusal { try await bench.append([65], to: upload.id, at: 0, by: UploadBench.bob) } == 404)
        #expect(try await refusal { try await bench.service.terminate(upload.id, by: UploadBench.bob) } == 404)
        #expect(
            try await refusal {
                _ = try await bench.service.progress(of: upload.id, by: UploadBench.bob, interrupts: true)
            } == 404)
        #expect(try await refusal { _ = try await bench.service.open(upload.id, by: UploadBench.bob) } == 404)
        #expect(try await refusal { _ = try await bench.service.open(upload.id, by: UploadBench.ann) } == 409)
        #expect(try await refusal { _ = try await bench.create(1, by: .anonymous) } == 403)
    }

    @Test func `is its owner's byte for byte, and counts as his`() async throws {
        let bench = try UploadBench { $0.limits.principalBytes = 4 }
        // Equal to Swift, and two names all the same.
        let (one, other) = (Principal(id: "\u{E9}"), Principal(id: "e\u{301}"))
        let upload = try await bench.create(4, by: one)
        #expect(try await refusal { try await bench.append([65], to: upload.id, at: 0, by: other) } == 404)
        _ = try await bench.create(4, by: other)
        try await bench.append(Array("text".utf8), to: upload.id, at: 0, by: one)
        #expect(try await bench.service.open(upload.id, by: one).state == .ready)
        #expect(try await refusal { _ = try await bench.service.open(upload.id, by: other) } == 404)
    }

    @Test func `of an API key wants a scope that brings something`() async throws {
        let bench = try UploadBench()
        for (scope, status) in [(.read, 403), (.metrics, 403), (.publish, nil), (.manage, nil)] as [(KeyScope, Int?)] {
            let key = try KeyIdentity(name: "k", scopes: [scope], patterns: [])
            #expect(try await refusal { _ = try await bench.create(1, by: Principal(key: key)) } == status, "\(scope)")
        }
    }

    @Test func `is one of so many that its owner may have`() async throws {
        let bench = try UploadBench { $0.limits.files = 2 }
        let upload = try await bench.upload(Self.text)
        _ = try await bench.create(1)
        #expect(try await refusal { _ = try await bench.create(0) } == 413)
        _ = try await bench.create(0, by: UploadBench.bob)
        try await bench.service.terminate(upload.id, by: UploadBench.ann)
        _ = try await bench.create(0)
    }

    @Test func `has an absolute path where its folder is a relative one`() throws {
        let folder = try TemporaryFolder()
        let up = String(repeating: "../", count: 64)
        let staging = try Staging(up + folder.path.dropFirst())
        #expect(staging.path(.random()).hasPrefix("/"))
        #expect(Disk.exists("\(folder.path)/unfinished"))
    }

    @Test func `counts as it is announced, and no more when it is gone`() async throws {
        let bench = try UploadBench {
            $0.limits.principalBytes = 100
            $0.limits.unfinished = 2
        }
        let upload = try await bench.create(60)
        #expect(try await refusal { _ = try await bench.create(41) } == 413)
        _ = try await bench.create(40)
        #expect(try await refusal { _ = try await bench.create(0) } == 429)
        _ = try await bench.create(41, by: UploadBench.bob)
        try await bench.service.terminate(upload.id, by: UploadBench.ann)
        _ = try await bench.create(60)
    }

    @Test func `of nothing is complete at once`() async throws {
        let bench = try UploadBench()
        #expect(try await bench.create(0).state == .ready)
    }

    @Test func `that claims too many pixels is refused`() async throws {
        let bench = try UploadBench()
        let bomb =
            [0x89, 0x50, 0x4E, 0x47, 0x0D, 0x0A, 0x1A, 0x0A, 0, 0, 0, 13] as [UInt8] + Array("IHDR".utf8)
            + [0, 0, 0xC3, 0x50, 0, 0, 0xC3, 0x50, 8, 2, 0, 0, 0]
        #expect(try await refusal { _ = try await bench.upload(bomb) } == 422)
    }

    @Test func `runs out when nobody goes on with it`() async throws {
        let bench = try UploadBench()
        let old = try await bench.create(10)
        bench.pass(.seconds(3_600))
        let young = try await bench.create(10)
        bench.pass(.seconds(23 * 3_600 + 1))
        await bench.service.sweep(at: bench.now)
        #expect(try await bench.service.parts.index.upload(old.id) == nil)
        #expect(try await bench.service.parts.staging.size(old.id) == nil)
        #expect(try await bench.service.parts.index.upload(young.id) != nil)
    }

    @Test func `is deleted when nothing refers to it for a day`() async throws {
        let kept = Referring()
        let bench = try UploadBench { $0.references = kept }
        let orphan = try await bench.upload(Self.text)
        let referred = try await bench.upload(Self.text)
        kept.ids.withLock { _ = $0.insert(referred.id) }
        bench.pass(.seconds(86_401))
        await bench.service.sweep(at: bench.now)
        #expect(try await refusal { _ = try await bench.service.open(orphan.id, by: UploadBench.ann) } == 404)
        #expect(try await bench.service.open(referred.id, by: UploadBench.ann).state == .ready)
        #expect(try await bench.service.parts.store.size(of: BlobKey(orphan.id)) == nil)
    }

    @Test func `is not deleted while it is being put into a message`() async throws {
        let kept = Referring()
        let bench = try UploadBench { $0.references = kept }
        let upload = try await bench.upload(Self.text)
        bench.pass(.seconds(86_401))
        // The references are asked before this is stored, and do not know of it.
        kept.meanwhile.withLock { $0 = { _ = try await bench.service.hold(upload.id, by: UploadBench.ann) } }
        await bench.service.sweep(at: bench.now)
        #expect(try await bench.service.open(upload.id, by: UploadBench.ann).state == .ready)
    }

    @Test func `stays for ever where the age of orphans is zero`() async throws {
        let bench = try UploadBench {
            $0.references = Referring()
            $0.limits.unreferencedAge = .zero
        }
        let upload = try await bench.upload(Self.text)
        bench.pass(.seconds(1_000_000))
        await bench.service.sweep(at: bench.now)
        #expect(try await bench.service.open(upload.id, by: UploadBench.ann).state == .ready)
    }

    @Test func `whose old request hangs is taken over by a new one`() async throws {
        let bench = try UploadBench()
        let upload = try await bench.create(10)
        let (body, source) = AsyncThrowingStream.makeStream(of: ByteBuffer.self)
        source.yield(ByteBuffer(bytes: [65, 66, 67]))
        let hanging = Task { try await bench.append(body, to: upload.id, at: 0) }
        while try await bench.service.stored(upload) < 3 { await Task.yield() }
        #expect(try await bench.service.progress(of: upload.id, by: UploadBench.ann, interrupts: true).offset == 3)
        _ = await hanging.result
        #expect(try await bench.append([UInt8](repeating: 68, count: 7), to: upload.id, at: 3).upload.state == .ready)
    }
}
