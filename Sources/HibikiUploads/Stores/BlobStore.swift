// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: Hibiki contributors

public import HibikiMessaging
public import NIOCore

/// What is kept about an upload.
public struct BlobKey: Hashable, Sendable, CustomStringConvertible {
    public enum Kind: String, CaseIterable, Sendable {
        case file
        /// A small picture of it, in WebP.
        case thumbnail
    }

    public let id: UploadID
    public let kind: Kind

    public init(_ id: UploadID, _ kind: Kind = .file) {
        self.id = id
        self.kind = kind
    }

    /// A name for stores whose names are paths.
    public var description: String { "\(self.kind.rawValue)/\(self.id.shelf)/\(self.id)" }
}

/// Where complete files are. They never change.
public protocol BlobStore: Sendable {
    /// Takes a file of this machine under a key, in the place of what was there. Durable when it returns.
    ///
    /// - Parameter path: the file may be moved away; if it is still there afterwards, nobody needs it.
    func put(_ key: BlobKey, file path: String, type: FileType) async throws

    /// In bytes; `nil` if there is nothing under the key.
    func size(of key: BlobKey) async throws -> Int?

    /// Hands over a part of a file in pieces, each after the one before was taken. Throws ``BlobMissing`` where there is nothing.
    ///
    /// - Parameter range: within the file. An empty one hands over nothing.
    func read(
        _ key: BlobKey, _ range: Range<Int>, _ take: (ByteBuffer) async throws -> Void
    ) async throws

    /// What is not there is removed already.
    func remove(_ key: BlobKey) async throws

    /// Takes back what was begun before that time and never finished, because the server ended meanwhile.
    func removeUnfinished(before time: Timestamp) async throws

    /// An address at which the store itself serves the file for a time; `nil` if it serves nothing.
    ///
    /// - Parameter fields: what its answers are to say beside the bytes.
    func address(of key: BlobKey, seconds: Int, _ fields: BlobFields) async throws -> String?
}

/// What a store is to say about a file that it serves itself.
public struct BlobFields: Sendable, Equatable {
    public var contentType: String
    public var contentDisposition: String

    public init(contentType: String, contentDisposition: String) {
        self.contentType = contentType
        self.contentDisposition = contentDisposition
    }
}

extension BlobStore {
    /// Nothing, where nothing unfinished is kept.
    public func removeUnfinished(before time: Timestamp) async throws {}

    public func address(of key: BlobKey, seconds: Int, _ fields: BlobFields) async throws -> String? { nil }
}

/// There is nothing under the key.
public struct BlobMissing: Error {
    public let key: BlobKey

    public init(_ key: BlobKey) {
        self.key = key
    }
}
