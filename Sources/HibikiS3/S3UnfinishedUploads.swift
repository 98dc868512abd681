// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: Hibiki contributors

import AsyncHTTPClient
import HibikiMessaging
import HibikiUploads
import NIOCore

/// Files that were sent in parts and never completed, because the server ended meanwhile: their parts cost money, and nothing shows them.
struct S3UnfinishedUploads: Sendable {
    /// Pages of a thousand that are looked at; what is behind them waits for the next start.
    private static let mostPages = 100

    let client: S3Client
    /// How the names of the files begin, behind the prefix of the store.
    let prefix: String

    /// Aborts those that were begun before that time, and whose names are those of blobs: somebody else may use the bucket too.
    func remove(before time: Timestamp) async throws {
        var marks: [(String, String)] = []
        for _ in 0..<Self.mostPages {
            let page = try await self.page(after: marks)
            for upload in page.uploads where upload.began < S3Time.listed(time) {
                guard let key = self.key(of: upload) else { continue }
                let request = self.client.request("DELETE", key, [("uploadId", upload.id)])
                _ = try await self.client.send(request, statuses: [200, 204, 404])
            }
            guard let next = page.next else { return }
            marks = [("key-marker", next.key), ("upload-id-marker", next.id)]
        }
    }

    private func page(after marks: [(String, String)]) async throws -> S3UploadList {
        let prefix = self.client.configuration.prefix + self.prefix
        let request = self.client.bucketRequest("GET", [("uploads", ""), ("prefix", prefix)] + marks)
        let response = try await self.client.send(request, statuses: [200])
        return S3UploadList(try await response.body.collect(upTo: S3Client.answerBytes))
    }

    /// Without the prefix of the store.
    private func key(of upload: S3UploadList.Upload) -> String? {
        let prefix = self.client.configuration.prefix + self.prefix
        guard upload.key.utf8.starts(with: prefix.utf8),
            upload.key.split(separator: "/").last.flatMap({ UploadID($0) }) != nil
        else { return nil }
        return String(upload.key.dropFirst(self.client.configuration.prefix.count))
    }
}

/// A page of the list of uploads in parts that are not complete.
struct S3UploadList: Equatable {
    struct Upload: Equatable {
        var key: String
        var id: String
        /// As `2026-11-21T10:00:00`, in UTC.
        var began: String
    }

    private(set) var uploads: [Upload] = []
    /// After which the next page begins.
    private(set) var next: (key: String, id: String)?

    init(_ answer: ByteBuffer) {
        let text = String(buffer: answer)
        for part in text.split(separator: "<Upload>").dropFirst() {
            let bytes = ByteBuffer(substring: part.split(separator: "</Upload>").first ?? "")
            guard let key = S3Answer.text(of: "Key", in: bytes), let id = S3Answer.text(of: "UploadId", in: bytes),
                let began = S3Answer.text(of: "Initiated", in: bytes), Self.isTime(began)
            else { continue }
            self.uploads.append(Upload(key: key, id: id, began: String(began.prefix(19))))
        }
        guard S3Answer.text(of: "IsTruncated", in: answer) == "true",
            let key = S3Answer.text(of: "NextKeyMarker", in: answer),
            let id = S3Answer.text(of: "NextUploadIdMarker", in: answer)
        else { return }
        self.next = (key, id)
    }

    /// Times of this form are ordered as their texts are.
    private static func isTime(_ text: String) -> Bool {
        let pattern = Array("0000-00-00T00:00:00".utf8)
        let bytes = Array(text.utf8.prefix(pattern.count))
        return bytes.count == pattern.count && text.utf8.last == UInt8(ascii: "Z")
            && zip(bytes, pattern).allSatisfy { byte, sign in
                sign == UInt8(ascii: "0") ? UInt8(ascii: "0")...UInt8(ascii: "9") ~= byte : byte == sign
            }
    }

    static func == (one: S3UploadList, other: S3UploadList) -> Bool {
        one.uploads == other.uploads && one.next?.key == other.next?.key && one.next?.id == other.next?.id
    }
}
