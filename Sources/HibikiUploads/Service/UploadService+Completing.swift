// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: Hibiki contributors

import HibikiMessaging
import HibikiWire
import Logging
import NIOCore

extension UploadService {
    /// Bytes in which the dimensions of a picture have to be found.
    private static let headerBytes = 256 << 10

    /// Checks an upload whose bytes are all there, and gives it its place. Can be done again after it was broken off anywhere.
    func complete(_ upload: Upload) async throws -> Upload {
        guard upload.state == .receiving else { return upload }
        var upload = upload
        return try await self.withStorage(upload.id) {
            if try await self.isStaged(upload) {
                try await self.check(&upload)
                // Whoever finds the file at its place after a crash cannot look into it any more.
                try await self.parts.index.replace(upload)
                try await self.parts.store.put(
                    BlobKey(upload.id), file: self.parts.staging.path(upload.id), type: upload.type ?? .unknown)
            }
            upload.state = .ready
            upload.touched = max(upload.touched, self.parts.now())
            if self.wantsThumbnail(upload) { upload.thumbnail = .pending }
            try await self.parts.index.replace(upload)
            try await self.parts.staging.remove(upload.id)
            self.count { $0.completed += 1 }
            await self.parts.observer?.uploadIsReady(upload)
            if upload.thumbnail == .pending, !self.queue.add(upload.id) {
                // One that finds no room gets none, rather than making others wait.
                upload.thumbnail = .none
                try await self.parts.index.replace(upload)
            }
            return upload
        }
    }

    /// Whether its bytes still stand where they came in, and not at their place. No bytes do so too, whose file was never made.
    private func isStaged(_ upload: Upload) async throws -> Bool {
        guard try await self.parts.staging.size(upload.id) == nil else { return true }
        guard upload.length == 0, try await self.parts.store.size(of: BlobKey(upload.id)) == nil else { return false }
        try await self.parts.staging.create(upload.id)
        return true
    }

    private func check(_ upload: inout Upload) async throws {
        let head = try await self.parts.staging.head(upload.id, Self.headerBytes)
        // Again, also where it was done before: what the type was written down for may have been thrown away since.
        let type = TypeSniffer.type(of: head.readableBytesView)
        guard self.limits.types.contains(type) else {
            self.count { $0.refusedTypes += 1 }
            try await self.delete(upload)
            throw UploadRefusal.unsupportedType(type)
        }
        upload.type = type
        upload.size = PictureSize(type, head.readableBytesView)
        if let size = upload.size, size.pixels > self.parts.thumbnails.pixels {
            try await self.delete(upload)
            throw UploadRefusal(
                422, .pictureTooLarge, "the picture claims \(size.width) × \(size.height) pixels, which is too many")
        }
        try await self.scan(&upload)
    }

    private func scan(_ upload: inout Upload) async throws {
        guard let scanner = self.parts.scanner else { return }
        switch await scanner.scan(file: self.parts.staging.path(upload.id)) {
        case .clean:
            return
        case .infected:
            try await self.parts.staging.quarantine(upload.id)
            upload.state = .quarantined
            upload.touched = max(upload.touched, self.parts.now())
            try await self.parts.index.replace(upload)
            self.count { $0.infected += 1 }
            self.logger.warning(
                "an upload is infected and was set aside",
                metadata: ["upload": "\(upload.id)", "owner": "\(upload.owner)"])
            await self.parts.observer?.uploadIsInfected(upload)
            throw UploadRefusal.infected
        case .unavailable(let words):
            self.logger.error("uploads cannot be scanned", metadata: ["upload": "\(upload.id)", "problem": "\(words)"])
            throw UploadRefusal.busy
        }
    }
}
