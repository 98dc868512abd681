// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: Hibiki contributors

import HibikiMessaging
import NIOCore
import Testing

@testable import HibikiUploads

@Suite struct `An index of uploads` {
    private static func upload(_ owner: String, _ length: Int, at time: Int64 = 0) -> Upload {
        Upload(
            id: .random(), owner: owner, length: length, name: "ä \"x\"\n.png", metadata: "a YQ==",
            created: Timestamp(milliseconds: time))
    }

    private static func check(_ index: any UploadIndex) async throws {
        var limits = UploadLimits()
        limits.principalBytes = 100
        let first = Self.upload("ann", 60, at: 1)
        var second = Self.upload("ann", 40, at: 2)
        try await index.insert(first, limits)
        try await index.insert(second, limits)
        await #expect(throws: UploadRefusal.self) { try await index.insert(Self.upload("ann", 1), limits) }
        #expect(try await index.upload(first.id) == first)
        #expect(try await index.uploads(of: "ann", limit: 9) == [second, first])
        #expect(try await index.uploads(of: "ann", limit: 1) == [second])
        var holdings = UploadHoldings()
        (holdings.files, holdings.bytes, holdings.unfinished) = (2, 100, 2)
        #expect(try await index.holdings(of: "ann") == holdings)
        #expect(try await index.holdings(of: "bob") == UploadHoldings())
        second.state = .ready
        second.type = .png
        second.size = PictureSize(width: 3, height: 4)
        second.thumbnail = .ready
        second.touched = Timestamp(milliseconds: 9)
        try await index.replace(second)
        #expect(try await index.upload(second.id) == second)
        #expect(try await index.holdings(of: "ann").unfinished == 1)
        #expect(try await index.untouched(since: Timestamp(milliseconds: 9), .ready, limit: 9) == [])
        #expect(try await index.untouched(since: Timestamp(milliseconds: 10), .ready, limit: 9) == [second])
        try await index.remove(first.id)
        try await index.replace(first)
        #expect(try await index.upload(first.id) == nil)
        #expect(try await index.holdings(of: "ann").bytes == 40)
    }

    @Test func `in memory keeps sums and limits`() async throws {
        try await Self.check(MemoryUploadIndex())
    }

    @Test func `in files keeps sums and limits`() async throws {
        let folder = try TemporaryFolder()
        let time = Timestamp(milliseconds: 0)
        try await Self.check(FileUploadIndex(folder.path, at: time, logger: UploadBench.quiet))
    }

    @Test func `in files is what it was for the next server, without what is damaged`() async throws {
        let folder = try TemporaryFolder()
        let time = Timestamp(milliseconds: 5)
        let index = try FileUploadIndex(folder.path, at: time, logger: UploadBench.quiet)
        let (kept, lost) = (Self.upload("ann", 1, at: 7), Self.upload("ann", 2, at: 7))
        try await index.insert(kept, UploadLimits())
        try await index.insert(lost, UploadLimits())
        let path = "\(folder.path)/\(lost.id.shelf)/\(lost.id).json"
        try DiskFile(path, .writing).truncate(to: 40)
        let next = try FileUploadIndex(folder.path, at: time, logger: UploadBench.quiet)
        #expect(try await next.upload(kept.id) == kept)
        #expect(try await next.upload(lost.id) == nil)
        #expect(Disk.exists(path + ".damaged"))
    }

    @Test func `in files that the disk does not give is not begun without them`() async throws {
        let folder = try TemporaryFolder()
        let time = Timestamp(milliseconds: 5)
        let index = try FileUploadIndex(folder.path, at: time, logger: UploadBench.quiet)
        let upload = Self.upload("ann", 1, at: 7)
        try await index.insert(upload, UploadLimits())
        let path = "\(folder.path)/\(upload.id.shelf)/\(upload.id).json"
        // A folder can be opened as a file can, and not be read.
        try Disk.remove(path)
        try Disk.makeFolder(path)
        #expect(throws: DiskError.self) { try FileUploadIndex(folder.path, at: time, logger: UploadBench.quiet) }
        #expect(!Disk.exists(path + ".damaged"))
    }

    @Test func `has no names of a folder that is not there, and throws for what is none`() throws {
        let folder = try TemporaryFolder()
        let file = try folder.put("file", [1])
        #expect(try Disk.names(in: folder.path) == ["file"])
        #expect(try Disk.names(in: "\(folder.path)/nothing") == [])
        #expect(throws: DiskError.self) { try Disk.names(in: file) }
    }
}
