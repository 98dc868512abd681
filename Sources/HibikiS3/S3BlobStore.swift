// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: Hibiki contributors

import AsyncHTTPClient
public import HibikiMessaging
public import HibikiUploads
public import NIOCore
import NIOHTTP1
import NIOPosix

/// Complete files in a bucket.
public struct S3BlobStore: BlobStore {
    let client: S3Client
    /// Parts of all files that are in memory at one time.
    private let room: S3PartRoom

    public init(_ configuration: S3Configuration, now: @escaping @Sendable () -> Timestamp) {
        self.client = S3Client(configuration: configuration, now: now)
        self.room = S3PartRoom(configuration.partsInMemory)
    }

    /// Asks the store for something that is not there. Throws if it cannot be reached, or refuses the credentials.
    public func check() async throws {
        _ = try await self.client.send(self.client.request("GET", "hibiki-check"), statuses: [200, 404])
    }

    public func put(_ key: BlobKey, file path: String, type: FileType) async throws {
        let file = try await S3File(path)
        if file.size <= self.client.configuration.partBytes {
            var request = self.client.request("PUT", key.description)
            request.headers.append((name: "content-type", value: type.contentType))
            let put = request
            try await self.room.with {
                _ = try await self.client.send(put, try await file.part(0, file.size), statuses: [200])
            }
        } else {
            try await S3MultipartUpload(
                client: self.client, key: key.description, type: type, file: file, room: self.room
            ).run()
        }
    }

    public func size(of key: BlobKey) async throws -> Int? {
        let response = try await self.client.send(
            self.client.request("HEAD", key.description), statuses: [200, 404])
        guard response.status == .ok else { return nil }
        return response.headers.first(name: "content-length").flatMap { Int($0) }
    }

    public func read(
        _ key: BlobKey, _ range: Range<Int>, _ take: (ByteBuffer) async throws -> Void
    ) async throws {
        guard !range.isEmpty else { return }
        var request = self.client.request("GET", key.description)
        request.headers.append((name: "range", value: "bytes=\(range.lowerBound)-\(range.upperBound - 1)"))
        let response = try await self.client.send(request, statuses: [206, 404], over: .downloads)
        guard response.status == .partialContent else { throw BlobMissing(key) }
        var left = range.count
        for try await part in response.body {
            left -= part.readableBytes
            guard left >= 0 else { break }
            try await take(part)
        }
        guard left == 0 else { throw BlobMissing(key) }
    }

    public func remove(_ key: BlobKey) async throws {
        _ = try await self.client.send(self.client.request("DELETE", key.description), statuses: [200, 204, 404])
    }

    public func removeUnfinished(before time: Timestamp) async throws {
        for kind in BlobKey.Kind.allCases {
            try await S3UnfinishedUploads(client: self.client, prefix: "\(kind.rawValue)/").remove(before: time)
        }
    }

    public func address(of key: BlobKey, seconds: Int, _ fields: BlobFields) async throws -> String? {
        let query = [
            ("response-content-type", fields.contentType),
            ("response-content-disposition", fields.contentDisposition),
        ]
        return self.client.presign(self.client.request("GET", key.description, query), seconds: seconds)
    }
}

/// A file of this machine, which is sent in parts.
struct S3File: Sendable {
    private let file: DiskFile
    let size: Int

    init(_ path: String) async throws {
        self.file = try await NIOThreadPool.singleton.work { try DiskFile(path, .reading) }
        let file = self.file
        self.size = try await NIOThreadPool.singleton.work { try file.size }
    }

    func part(_ offset: Int, _ count: Int) async throws -> ByteBuffer {
        let file = self.file
        return try await NIOThreadPool.singleton.work {
            var bytes = ByteBuffer()
            while bytes.readableBytes < count {
                var piece = try file.read(at: offset + bytes.readableBytes, count - bytes.readableBytes)
                guard piece.readableBytes > 0 else { throw S3FileChanged() }
                bytes.writeBuffer(&piece)
            }
            return bytes
        }
    }
}

/// A file has become shorter while it was sent.
struct S3FileChanged: Error {}
