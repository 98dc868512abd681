// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: Hibiki contributors

public import HibikiMessaging

/// What is known about an upload beside its bytes.
public struct Upload: Sendable, Equatable {
    public enum State: String, Sendable {
        /// Bytes are missing, or the last of them have just come.
        case receiving
        /// It can be downloaded, and never changes again.
        case ready
        /// The scanner has found something. The bytes are set aside.
        case quarantined
    }

    public enum Thumbnail: String, Sendable {
        /// Of no picture, or of one that none can be made of.
        case none
        case pending
        case ready
    }

    public let id: UploadID
    /// Whose it is: ``HibikiMessaging/Principal/id``; empty for somebody whom nobody knows.
    public let owner: String
    /// Bytes that it has when it is complete.
    public let length: Int
    /// What the client calls it, for people; see ``FileName``.
    public let name: String
    /// `Upload-Metadata` as it was sent, which is handed back.
    public let metadata: String
    public let created: Timestamp
    /// When something has happened to it last: bytes, or its completion.
    public var touched: Timestamp
    public var state = State.receiving
    /// By its first bytes; `nil` until they are there.
    public var type: FileType?
    /// Of a picture, by its own header.
    public var size: PictureSize?
    public var thumbnail = Thumbnail.none
    /// Whether it was begun for a message, or put into one: then it stays as long as one carries it.
    public var isForMessage = false

    public init(
        id: UploadID, owner: String, length: Int, name: String = "", metadata: String = "", created: Timestamp
    ) {
        self.id = id
        self.owner = owner
        self.length = length
        self.name = name
        self.metadata = metadata
        self.created = created
        self.touched = created
    }

    /// Byte for byte: two principals may have ids that are equal to Swift.
    func isOwned(by principal: Principal) -> Bool {
        self.owner.utf8.elementsEqual((principal.id ?? "").utf8)
    }

    /// When it is thrown away unless something is added; `nil` for one that is complete.
    public func expiry(_ limits: UploadLimits) -> Timestamp? {
        guard self.state == .receiving else { return nil }
        return self.touched.advanced(by: limits.unfinishedAge)
    }
}
