// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: Hibiki contributors

public import HibikiMessaging
import Logging

extension UploadService {
    private static let sweepInterval: Duration = .seconds(300)
    /// Uploads that are looked at, at one time.
    private static let portion = 500

    /// How old something unfinished in the store has to be: no file is on its way there for so long.
    private static let brokenOffAge: Duration = .seconds(86_400)

    /// Goes on with what a server before this one has not finished.
    func recover() async {
        await self.attempt("what was broken off is not taken out of the store") {
            let limit = self.parts.now().advanced(by: .zero - Self.brokenOffAge)
            try await self.parts.store.removeUnfinished(before: limit)
        }
        await self.attempt("unfinished uploads are not gone on with") {
            let waiting = try await self.parts.index.untouched(
                since: Timestamp(milliseconds: .max), .receiving, limit: .max)
            for upload in waiting {
                guard !Task.isCancelled else { return }
                await self.attempt("an upload is not gone on with", upload.id) { try await self.recover(upload.id) }
            }
            let pictures = try await self.parts.index.untouched(
                since: Timestamp(milliseconds: .max), .ready, limit: .max)
            for upload in pictures where upload.thumbnail == .pending {
                await self.attempt("a picture gets no thumbnail", upload.id) { try await self.requeue(upload.id) }
            }
        }
    }

    private func recover(_ id: UploadID) async throws {
        // Whoever comes for it at the same time completes it.
        try await self.locks.withFreeLock(id) {
            guard let upload = try await self.parts.index.upload(id),
                try await self.stored(upload) == upload.length
            else { return }
            _ = try await self.complete(upload)
        }
    }

    /// Whoever was completed a moment ago may have a thumbnail since.
    private func requeue(_ id: UploadID) async throws {
        guard try await self.parts.index.upload(id)?.thumbnail == .pending, !self.queue.add(id) else { return }
        try await self.noteThumbnail(.none, of: id)
    }

    func sweepAgainAndAgain() async {
        while !Task.isCancelled {
            await self.sweep(at: self.parts.now())
            try? await Task.sleep(for: Self.sweepInterval)
        }
    }

    /// Deletes what has run out: uploads that nobody goes on with, complete ones that nothing refers to, and files that nobody knows.
    ///
    /// What somebody works on at the moment is left for the next time.
    public func sweep(at now: Timestamp) async {
        let problem: Logger.Message = "old uploads are not deleted"
        await self.attempt(problem) { try await self.sweepUnfinished(at: now) }
        await self.attempt(problem) { try await self.sweepOrphans(at: now) }
        await self.attempt(problem) { try await self.sweepStrangers() }
    }

    /// What goes wrong with one stops none of the others.
    private func attempt(_ problem: Logger.Message, _ id: UploadID? = nil, _ body: () async throws -> Void) async {
        do {
            try await body()
        } catch {
            self.logger.error(problem, metadata: ["upload": "\(id?.description ?? "")", "error": "\(error)"])
        }
    }

    private func sweep(_ id: UploadID, _ body: () async throws -> Void) async {
        await self.attempt("an old upload is not deleted", id) { try await self.locks.withFreeLock(id, body) }
    }

    private func sweepUnfinished(at now: Timestamp) async throws {
        let limit = now.advanced(by: .zero - self.limits.unfinishedAge)
        for old in try await self.parts.index.untouched(since: limit, .receiving, limit: Self.portion) {
            await self.sweep(old.id) {
                guard let upload = try await self.parts.index.upload(old.id), upload.state == .receiving,
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
            let kept = try await references.referenced(old)
            for id in old.map(\.id) {
                await self.sweep(id) {
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
        for id in try await self.parts.staging.all() where try await self.parts.index.upload(id) == nil {
            await self.sweep(id) {
                guard try await self.parts.index.upload(id) == nil else { return }
                try await self.parts.staging.remove(id)
            }
        }
    }
}
