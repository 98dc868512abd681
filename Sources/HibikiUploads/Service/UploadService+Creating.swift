// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: Hibiki contributors

public import HibikiMessaging

extension UploadService {
    /// Begins an upload.
    public func create(_ creation: TusCreation, by principal: Principal) async throws -> Upload {
        guard await self.parts.access.mayCreate(principal) else { throw UploadRefusal.notAllowed }
        var upload = Upload(
            id: .random(), owner: principal.id ?? "", length: creation.length, name: creation.name,
            metadata: creation.metadata, created: self.parts.now())
        upload.isForMessage = creation.isForMessage
        return try await self.begin(upload)
    }

    private func begin(_ upload: Upload) async throws -> Upload {
        try await self.withStorage(upload.id) {
            try await self.parts.index.insert(upload, self.limits)
            do {
                try await self.parts.staging.create(upload.id)
            } catch {
                try? await self.parts.index.remove(upload.id)
                throw error
            }
        }
        self.count { $0.created += 1 }
        guard upload.length == 0 else { return upload }
        return try await self.locks.withLock(upload.id) { try await self.complete(upload) }
    }

    /// How far an upload is; its owner asks.
    ///
    /// - Parameter interrupts: whether the request that brings bytes at the moment is ended, so that the answer holds. It is not true any more otherwise.
    public func progress(
        of id: UploadID, by principal: Principal, interrupts: Bool
    ) async throws -> (upload: Upload, offset: Int) {
        let upload = try await self.own(id, principal)
        guard upload.state == .receiving, interrupts else { return (upload, try await self.stored(upload)) }
        return try await self.locks.withLock(id) {
            let upload = try await self.own(id, principal)
            return (upload, try await self.stored(upload))
        }
    }

    /// Deletes an upload, complete or not.
    public func terminate(_ id: UploadID, by principal: Principal) async throws {
        _ = try await self.own(id, principal)
        try await self.locks.withLock(id) {
            let upload = try await self.own(id, principal)
            try await self.withStorage(id) { try await self.delete(upload) }
        }
        self.count { $0.terminated += 1 }
    }

    /// What somebody has uploaded, the newest first, and how much that is.
    public func uploads(
        of principal: Principal, limit: Int
    ) async throws -> (uploads: [Upload], holdings: UploadHoldings) {
        // Whoever has no name shares it with others.
        guard let owner = principal.id else { return ([], UploadHoldings()) }
        return try await self.withStorage(nil) {
            (
                try await self.parts.index.uploads(of: owner, limit: limit),
                try await self.parts.index.holdings(of: owner)
            )
        }
    }

    /// The upload, if it is this principal's. To all others it does not exist.
    func own(_ id: UploadID, _ principal: Principal) async throws -> Upload {
        let upload = try await self.withStorage(id) { try await self.parts.index.upload(id) }
        guard let upload, upload.isOwned(by: principal) else { throw UploadRefusal.notFound }
        return upload
    }

    /// How many bytes are there: the disk knows.
    public func stored(_ upload: Upload) async throws -> Int {
        guard upload.state == .receiving else { return upload.length }
        return try await self.withStorage(upload.id) {
            if let size = try await self.parts.staging.size(upload.id) { return min(size, upload.length) }
            // It was moved to its place, and then the server ended before it could write that down.
            guard try await self.parts.store.size(of: BlobKey(upload.id)) == upload.length else { return 0 }
            return upload.length
        }
    }

    /// Its bytes first: what nobody knows can be found on the disk, and what has no bytes cannot be had.
    func delete(_ upload: Upload) async throws {
        try await self.parts.staging.remove(upload.id)
        if upload.state == .quarantined { try await self.parts.staging.removeFromQuarantine(upload.id) }
        for kind in BlobKey.Kind.allCases {
            try await self.parts.store.remove(BlobKey(upload.id, kind))
        }
        try await self.parts.index.remove(upload.id)
    }
}
