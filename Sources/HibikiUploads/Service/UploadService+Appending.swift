// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: Hibiki contributors

public import HibikiMessaging
public import NIOCore

extension UploadService {
    /// Adds the bytes of a request to an upload.
    ///
    /// They are stored as they come, and the next ones are asked for when those are. Whatever ends the request, what has come is there afterwards; unless
    /// the request had a checksum, which only the whole of it can fit.
    ///
    /// - Parameter body: the bytes, which may be cut short by an error.
    /// - Returns: how far the upload is.
    public func append<Body: AsyncSequence & Sendable>(
        _ patch: TusPatch, to id: UploadID, by principal: Principal, _ body: Body
    ) async throws -> (upload: Upload, offset: Int) where Body.Element == ByteBuffer {
        _ = try await self.own(id, principal)
        return try await self.locks.withLock(id) {
            let upload = try await self.own(id, principal)
            let stored = try await self.stored(upload)
            let room = try patch.room(in: upload, stored: stored)
            guard upload.state == .receiving else { return (upload, stored) }
            self.count { $0.receiving += 1 }
            defer { self.count { $0.receiving -= 1 } }
            let received = try await self.interruptibly(id) {
                try await self.withStorage(id) { try await self.receive(patch, upload, room, body) }
            }
            guard received.offset == upload.length else { return received }
            return (try await self.complete(received.upload), upload.length)
        }
    }

    /// Lets whoever comes for the same upload end this.
    private func interruptibly<Result: Sendable>(
        _ id: UploadID, _ body: @escaping @Sendable () async throws -> Result
    ) async throws -> Result {
        let task = Task { try await body() }
        self.locks.holder(of: id) { task.cancel() }
        defer { self.locks.holder(of: id, isInterruptedBy: nil) }
        return try await withTaskCancellationHandler {
            try await task.value
        } onCancel: {
            task.cancel()
        }
    }

    private func receive<Body: AsyncSequence>(
        _ patch: TusPatch, _ upload: Upload, _ room: Int, _ body: Body
    ) async throws -> (upload: Upload, offset: Int) where Body.Element == ByteBuffer {
        var upload = upload
        guard try await self.parts.staging.size(upload.id) != nil else { return (upload, upload.length) }
        var writer = try await self.parts.staging.writer(upload.id, at: patch.offset)
        var checksum = patch.checksum.map(RunningChecksum.init)
        do {
            var left = room
            var parts = body.makeAsyncIterator()
            while let part = try await Self.next(&parts) {
                guard part.readableBytes <= left else {
                    throw UploadRefusal.tooMuch(room)
                }
                left -= part.readableBytes
                checksum?.add(part)
                try await writer.write(part)
                self.count { $0.bytesReceived += part.readableBytes }
                if upload.type == nil { try await self.sniff(&upload, stored: writer.offset) }
            }
        } catch {
            if checksum == nil { try await writer.synchronize() } else { try await writer.discard() }
            try await self.touch(&upload)
            throw error
        }
        guard checksum?.fits ?? true else {
            try await writer.discard()
            throw UploadChecksum.mismatch
        }
        try await writer.synchronize()
        try await self.touch(&upload)
        return (upload, writer.offset)
    }

    private static func next<Parts: AsyncIteratorProtocol>(
        _ parts: inout Parts
    ) async throws(UploadInterrupted) -> ByteBuffer? where Parts.Element == ByteBuffer {
        do {
            return try await parts.next()
        } catch {
            throw UploadInterrupted(isReplaced: error is CancellationError)
        }
    }

    private func touch(_ upload: inout Upload) async throws {
        upload.touched = max(upload.touched, self.parts.now())
        try await self.parts.index.replace(upload)
    }

    /// Looks at the first bytes as soon as they are there, so that nobody sends a gigabyte that will not be taken.
    private func sniff(_ upload: inout Upload, stored: Int) async throws {
        guard stored >= min(TypeSniffer.window, upload.length) else { return }
        let head = try await self.parts.staging.head(upload.id, TypeSniffer.window)
        let type = TypeSniffer.type(of: head.readableBytesView)
        guard self.limits.types.contains(type) else {
            self.count { $0.refusedTypes += 1 }
            try await self.delete(upload)
            throw UploadRefusal.unsupportedType(type)
        }
        upload.type = type
    }
}
