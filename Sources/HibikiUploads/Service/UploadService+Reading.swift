// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: Hibiki contributors

public import HibikiMessaging
import HibikiWire
public import NIOCore

extension UploadService {
    /// A complete upload, for somebody who wants its bytes.
    public func open(_ id: UploadID, by principal: Principal) async throws -> Upload {
        let upload = try await self.withStorage(id) { try await self.parts.index.upload(id) }
        guard let upload else { throw UploadRefusal.notFound }
        let isOwner = !upload.owner.isEmpty && upload.isOwned(by: principal)
        guard isOwner || upload.state == .ready else { throw UploadRefusal.notFound }
        if !isOwner {
            let mayRead = try await self.withStorage(id) { try await self.parts.access.mayRead(upload, principal) }
            guard mayRead else { throw UploadRefusal.notFound }
        }
        switch upload.state {
        case .ready: return upload
        case .receiving: throw UploadRefusal.notReady
        case .quarantined: throw UploadRefusal.infected
        }
    }

    /// A complete upload, for a message that is about to refer to it: it is not swept away before that does.
    public func hold(_ id: UploadID, by principal: Principal) async throws -> Upload {
        // Whoever may not have it, or comes too early, does not end the request that brings its bytes.
        _ = try await self.open(id, by: principal)
        return try await self.locks.withLock(id) {
            var upload = try await self.open(id, by: principal)
            upload.touched = self.parts.now()
            upload.isForMessage = true
            try await self.withStorage(id) { try await self.parts.index.replace(upload) }
            return upload
        }
    }

    /// Hands over bytes of an upload in pieces, each after the one before was taken.
    public func read(
        _ key: BlobKey, _ range: Range<Int>, _ take: (ByteBuffer) async throws -> Void
    ) async throws {
        try await self.parts.store.read(key, range) { part in
            try await take(part)
            self.count { $0.bytesSent += part.readableBytes }
        }
    }

    /// Bytes of the thumbnail; `nil` if there is none.
    public func thumbnailBytes(of upload: Upload) async throws -> Int? {
        guard upload.thumbnail == .ready else { return nil }
        return try await self.withStorage(upload.id) {
            try await self.parts.store.size(of: BlobKey(upload.id, .thumbnail))
        }
    }

    /// A link with which anybody gets the bytes as this principal would.
    ///
    /// - Parameter path: that of the request which the link is for, without its query.
    public func link(to path: String, for principal: Principal, seconds: Int) -> (query: String, expiry: Int64) {
        let longest = self.limits.longestLink.components.seconds
        let expiry = self.parts.now().milliseconds / 1_000 + min(Int64(max(1, seconds)), longest)
        let link = SignedLink(path: path, expiry: expiry, principal: principal.id ?? "")
        return (link.query(self.parts.key), expiry)
    }

    /// Whom a link is for. Throws where it is none, or has run out.
    public func principal(
        ofLink path: String, expires: String, principal: String, signature: String
    ) throws(UploadRefusal) -> Principal {
        let link = SignedLink(
            path: path, expires: expires, principal: principal, signature: signature, key: self.parts.key,
            at: self.parts.now())
        guard let link else { throw UploadRefusal(403, .permissionDenied, "the link is not valid, or not any more") }
        return link.principal.isEmpty ? .anonymous : Principal(id: link.principal)
    }
}
