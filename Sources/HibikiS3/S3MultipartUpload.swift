// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: Hibiki contributors

import AsyncHTTPClient
import HibikiUploads
import NIOCore
import NIOHTTP1

/// A large file, sent in parts: some at a time, each again if it fails. What is broken off is taken back, so that nobody pays for parts of nothing.
struct S3MultipartUpload: Sendable {
    /// Parts that a file may have.
    private static let mostParts = 10_000

    let client: S3Client
    let key: String
    let type: FileType
    let file: S3File
    let room: S3PartRoom

    private var partBytes: Int {
        max(self.client.configuration.partBytes, (self.file.size + Self.mostParts - 1) / Self.mostParts)
    }

    func run() async throws {
        let id = try await self.begin()
        do {
            let tags = try await self.sendParts(id)
            try await self.complete(id, tags)
        } catch {
            let request = self.client.request("DELETE", self.key, [("uploadId", id)])
            _ = try? await self.client.send(request, statuses: [200, 204, 404])
            throw error
        }
    }

    private func begin() async throws -> String {
        var request = self.client.request("POST", self.key, [("uploads", "")])
        request.headers.append((name: "content-type", value: self.type.contentType))
        let response = try await self.client.send(request, statuses: [200])
        let answer = try await response.body.collect(upTo: S3Client.answerBytes)
        guard let id = S3Answer.text(of: "UploadId", in: answer), !id.isEmpty else {
            throw S3Failure(status: 200, code: "no UploadId")
        }
        return id
    }

    /// - Returns: the tags of the parts, in their order.
    private func sendParts(_ id: String) async throws -> [String] {
        let offsets = Array(stride(from: 0, to: self.file.size, by: self.partBytes))
        var tags = [String?](repeating: nil, count: offsets.count)
        try await withThrowingTaskGroup(of: (Int, String).self) { group in
            var next = 0
            func sendNext() {
                guard next < offsets.count else { return }
                let index = next
                next += 1
                group.addTask { (index, try await self.send(index + 1, at: offsets[index], id)) }
            }
            for _ in 0..<max(1, self.client.configuration.partsAtOnce) { sendNext() }
            while let (index, tag) = try await group.next() {
                tags[index] = tag
                sendNext()
            }
        }
        return tags.compactMap { $0 }
    }

    private func send(_ number: Int, at offset: Int, _ id: String) async throws -> String {
        try await self.room.with { try await self.sendPart(number, at: offset, id) }
    }

    private func sendPart(_ number: Int, at offset: Int, _ id: String) async throws -> String {
        let bytes = try await self.file.part(offset, min(self.partBytes, self.file.size - offset))
        let request = self.client.request("PUT", self.key, [("partNumber", "\(number)"), ("uploadId", id)])
        let response = try await self.client.send(request, bytes, statuses: [200])
        guard let tag = response.headers.first(name: "etag") else { throw S3Failure(status: 200, code: "no ETag") }
        return tag
    }

    /// The store may find out that it cannot after it has begun to answer 200.
    private func complete(_ id: String, _ tags: [String]) async throws {
        let parts = tags.enumerated().map { index, tag in
            let tag = tag.replacing("&", with: "&amp;").replacing("<", with: "&lt;").replacing("\"", with: "&quot;")
            return "<Part><PartNumber>\(index + 1)</PartNumber><ETag>\(tag)</ETag></Part>"
        }
        let body = "<CompleteMultipartUpload>\(parts.joined())</CompleteMultipartUpload>"
        let request = self.client.request("POST", self.key, [("uploadId", id)])
        let response = try await self.client.send(request, ByteBuffer(string: body), statuses: [200])
        let answer = try await response.body.collect(upTo: S3Client.answerBytes)
        if let code = S3Answer.text(of: "Code", in: answer) { throw S3Failure(status: 500, code: code) }
    }
}
