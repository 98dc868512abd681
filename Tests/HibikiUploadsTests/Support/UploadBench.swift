// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: Hibiki contributors

import Foundation
import HibikiMessaging
import Logging
import NIOCore
import NIOPosix
import Synchronization
import Testing

@testable import HibikiUploads

/// A folder that is there for one test.
final class TemporaryFolder: Sendable {
    let path: String

    init() throws {
        let url = FileManager.default.temporaryDirectory.appending(path: "hibiki-uploads-\(UploadID.random())")
        try FileManager.default.createDirectory(at: url, withIntermediateDirectories: true)
        self.path = url.path
    }

    deinit {
        try? FileManager.default.removeItem(atPath: self.path)
    }

    func put(_ name: String, _ bytes: [UInt8]) throws -> String {
        let path = "\(self.path)/\(name)"
        try DiskFile(path, .creating).write(ByteBuffer(bytes: bytes), at: 0)
        return path
    }
}

/// A service with a clock of its own.
final class UploadBench: Sendable {
    static let ann = Principal(id: "ann")
    static let bob = Principal(id: "bob")
    static let quiet = Logger(label: "test") { _ in SwiftLogNoOpLogHandler() }

    let folder: TemporaryFolder
    let service: UploadService
    private let clock: SharedClock

    init(
        folder: TemporaryFolder? = nil, store: (any BlobStore)? = nil, at time: Int64 = 1_000_000,
        _ change: (inout UploadService.Parts) -> Void = { _ in }
    ) throws {
        let folder = try folder ?? TemporaryFolder()
        self.folder = folder
        let clock = SharedClock(Timestamp(milliseconds: time))
        self.clock = clock
        var parts = UploadService.Parts(
            staging: try Staging(folder.path), store: try store ?? DiskBlobStore("\(folder.path)/complete"),
            index: try FileUploadIndex("\(folder.path)/index", at: clock.now, logger: Self.quiet),
            access: OwnerAccess(allowsAnonymous: false), key: LinkKey([UInt8](repeating: 1, count: 32)),
            now: { clock.now })
        change(&parts)
        self.service = UploadService(parts, logger: Self.quiet)
    }

    func pass(_ duration: Duration) { self.clock.pass(duration) }
    var now: Timestamp { self.clock.now }

    func create(_ length: Int, name: String = "", by principal: Principal = ann) async throws -> Upload {
        var fields = TusCreation.Fields()
        fields.version = Tus.version
        fields.length = "\(length)"
        if !name.isEmpty { fields.metadata = "filename \(name)" }
        return try await self.service.create(TusCreation(fields, self.service.limits), by: principal)
    }

    @discardableResult
    func append(
        _ bytes: [UInt8], to id: UploadID, at offset: Int, checksum: String? = nil, by principal: Principal = ann
    ) async throws -> (upload: Upload, offset: Int) {
        try await self.append(Parts([bytes]), to: id, at: offset, checksum: checksum, by: principal)
    }

    @discardableResult
    func append<Body: AsyncSequence & Sendable>(
        _ body: Body, to id: UploadID, at offset: Int, checksum: String? = nil, by principal: Principal = ann
    ) async throws -> (upload: Upload, offset: Int) where Body.Element == ByteBuffer {
        var fields = TusPatch.Fields()
        fields.version = Tus.version
        fields.contentType = Tus.contentType
        fields.offset = "\(offset)"
        fields.checksum = checksum
        return try await self.service.append(TusPatch(fields), to: id, by: principal, body)
    }

    func upload(_ bytes: [UInt8]) async throws -> Upload {
        let upload = try await self.create(bytes.count)
        return try await self.append(bytes, to: upload.id, at: 0).upload
    }

    func bytes(of key: BlobKey, _ range: Range<Int>) async throws -> [UInt8] {
        var bytes: [UInt8] = []
        try await self.service.read(key, range) { bytes += Array($0.readableBytesView) }
        return bytes
    }
}

final class SharedClock: Sendable {
    private let time: Mutex<Timestamp>

    init(_ time: Timestamp) { self.time = Mutex(time) }

    var now: Timestamp { self.time.withLock { $0 } }
    func pass(_ duration: Duration) { self.time.withLock { $0 = $0.advanced(by: duration) } }
}

/// The parts of a body, and then its end, or an error in the place of it.
struct Parts: AsyncSequence, Sendable {
    struct Lost: Error {}

    let parts: [[UInt8]]
    let isCut: Bool

    init(_ parts: [[UInt8]], isCut: Bool = false) {
        self.parts = parts
        self.isCut = isCut
    }

    struct AsyncIterator: AsyncIteratorProtocol {
        var rest: ArraySlice<[UInt8]>
        let isCut: Bool

        mutating func next() async throws -> ByteBuffer? {
            guard let part = self.rest.popFirst() else {
                if self.isCut { throw Lost() }
                return nil
            }
            return ByteBuffer(bytes: part)
        }
    }

    func makeAsyncIterator() -> AsyncIterator { AsyncIterator(rest: self.parts[...], isCut: self.isCut) }
}

/// The status of what is refused; `nil` for what is not.
func refusal(_ body: () async throws -> Void) async throws -> Int? {
    do {
        try await body()
        return nil
    } catch let refusal as UploadRefusal {
        return refusal.status
    }
}
