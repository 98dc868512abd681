// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: Hibiki contributors

public import HibikiMessaging
import Logging

extension UploadService {
    private static let sweepInterval: Duration = .seconds(300)
    /// Uploads that are looked at, at one time.
    private static let portion = 500

    /// Goes on with what a server before this one has not finished.
    func recover() async {
        do {
            let waiting = try await self.parts.index.untouched(
                since: Timestamp(milliseconds: .max), .receiving, limit: .max)
            for upload in waiting {
                guard !Task.isCancelled else { return }
                guard try await self.stored(upload) == upload.length else { continue }
                // Somebody may come for it at the same time.
                _ = try? await self.locks.withLock(upload.id) {
                    guard let upload = try await self.parts.index.upload(upload.id) else { return }
                    _ = try await self.complete(upload)
                }
            }
            let pictures = try await self.parts.index.untouched(
                since: Timestamp(milliseconds: .max), .ready, limit: .max)
            for upload in pictures where upload.thumbnail == .pending { try await self.queueThumbnail(upload) }
        } catch {
            self.logger.error("unfinished uploads are not gone on with", metadata: ["error": "\(error)"])
        }
    }

    func sweepAgainAndAgain() async {
        while !Task.isCancelled {
            await self.sweep(at: self.parts.now())
            try? await Task.sleep(for: Self.sweepInterval)
        }
    }

    /// Deletes what has run out: uploads that nobody goes on with, complete ones that nothing refers to, and files that nobody knows.
    public func sweep(at now: Timestamp) async {
        do {
            try await self.sweepUnfinished(at: now)
            try await self.sweepOrphans(at: now)
            try await self.sweepStrangers()
        } catch {
            self.logger.error("old uploads are not deleted", metadata: ["error": "\(error)"])
        }
    }

    private func sweepUnfinished(at now: Timestamp) async throws {
        let limit = now.advanced(by: .zero - self.limits.unfinishedAge)
        for upload in try await self.parts.index.untouched(since: limit, .receiving, limit: Self.portion) {
            try await self.locks.withLock(upload.id) {
                guard let upload = try await self.parts.index.upload(upload.id), upload.state == .receiving,
                    upload.touched < limit
                else { return }
                try await self.delete(upload)
                self.count { $0.expired += 1 }
            }
        }
    }

    private func sweepOrphans(at now: Timestamp) async throws {
        guard let references = self.parts.references, self.limits.unreferencedAge > .zero else { return }
        let limit = now.advanced(by: .zero - self.limits.unreferencedAge)
        for state in [Upload.State.ready, .quarantined] {
            let old = try await self.parts.index.untouched(since: limit, state, limit: Self.portion)
            let kept = try await references.referenced(old.map(\.id))
            for id in old.map(\.id) {
                try await self.locks.withLock(id) {
                    // Not if it was held or deleted meanwhile.
                    guard var upload = try await self.parts.index.upload(id), upload.touched < limit else { return }
                    guard kept.contains(id) else {
                        try await self.delete(upload)
                        return self.count { $0.orphaned += 1 }
                    }
                    // It is asked about again when as much time has passed.
                    upload.touched = now
                    try await self.parts.index.replace(upload)
                }
            }
        }
    }

    /// Files of uploads that were deleted in the moment in which the server ended.
    private func sweepStrangers() async throws {
        for id in try await self.parts.staging.all() {
            try await self.locks.withLock(id) {
                guard try await self.parts.index.upload(id) == nil else { return }
                try await self.parts.staging.remove(id)
            }
        }
    }
}
