// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: Hibiki contributors

import Logging
import NIOCore
import NIOPosix

extension UploadService {
    func wantsThumbnail(_ upload: Upload) -> Bool {
        self.parts.thumbnailer != nil && upload.type?.isPicture == true && upload.size != nil
            && upload.length <= self.parts.thumbnails.bytes
    }

    func makeThumbnails() async {
        guard let thumbnailer = self.parts.thumbnailer else { return }
        while let id = await self.queue.next() {
            defer { self.queue.finish(id) }
            do {
                guard let upload = try await self.parts.index.upload(id), upload.state == .ready else { continue }
                try await self.makeThumbnail(of: upload, thumbnailer)
                try await self.noteThumbnail(.ready, of: id)
                self.count { $0.thumbnails += 1 }
            } catch {
                self.count { $0.failedThumbnails += 1 }
                self.logger.info("no thumbnail", metadata: ["upload": "\(id)", "problem": "\(error)"])
                try? await self.noteThumbnail(.none, of: id)
            }
        }
    }

    /// The picture is copied first: its store may be elsewhere, and the program gets nothing but the copy.
    private func makeThumbnail(of upload: Upload, _ thumbnailer: any Thumbnailer) async throws {
        let staging = self.parts.staging
        let picture = "\(staging.path(upload.id)).picture"
        let result = "\(staging.path(upload.id)).webp"
        do {
            let file = try await staging.pool.work {
                try Disk.remove(picture)
                return try DiskFile(picture, .creating)
            }
            var writer = CopyWriter(file, staging.pool)
            try await self.parts.store.read(BlobKey(upload.id), 0..<upload.length) { try await writer.write($0) }
            try await thumbnailer.makeThumbnail(of: picture, at: result)
            try await self.parts.store.put(BlobKey(upload.id, .thumbnail), file: result, type: .webp)
        } catch {
            try? await staging.pool.work { for path in [picture, result] { try Disk.remove(path) } }
            throw error
        }
        try await staging.pool.work { for path in [picture, result] { try Disk.remove(path) } }
    }

    func noteThumbnail(_ thumbnail: Upload.Thumbnail, of id: UploadID) async throws {
        try await self.locks.withLock(id) {
            guard var upload = try await self.parts.index.upload(id) else {
                try await self.parts.store.remove(BlobKey(id, .thumbnail))
                return
            }
            upload.thumbnail = thumbnail
            try await self.parts.index.replace(upload)
        }
    }
}

/// Writes a copy from its beginning to its end.
private struct CopyWriter {
    private let file: DiskFile
    private let pool: NIOThreadPool
    private var offset = 0

    init(_ file: DiskFile, _ pool: NIOThreadPool) {
        self.file = file
        self.pool = pool
    }

    mutating func write(_ bytes: ByteBuffer) async throws {
        let offset = self.offset
        let file = self.file
        self.offset += bytes.readableBytes
        try await self.pool.work { try file.write(bytes, at: offset) }
    }
}
