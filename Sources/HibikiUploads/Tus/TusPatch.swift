// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: Hibiki contributors

/// The request that adds bytes to an upload (tus 1.0, "PATCH").
public struct TusPatch: Equatable, Sendable {
    public let offset: Int
    /// Bytes of the body, where the header says so.
    public let bodyLength: Int?
    public let checksum: UploadChecksum?

    /// What the request says in its header; `nil` for what is not there.
    public struct Fields: Sendable {
        public var version: String?
        public var offset: String?
        public var contentType: String?
        public var contentLength: String?
        public var checksum: String?

        public init() {}
    }

    /// Reads what can be checked without knowing the upload.
    public init(_ fields: Fields) throws(UploadRefusal) {
        try Tus.check(version: fields.version)
        guard Tus.isOffsetType(fields.contentType) else { throw Tus.wrongContentType }
        guard let text = fields.offset, !text.isEmpty, text.utf8.allSatisfy(\.isDigit) else {
            throw .invalid("this wants the header Upload-Offset with a number of bytes")
        }
        // More digits than an integer has are an offset that no upload has.
        self.offset = Int(text) ?? .max
        self.bodyLength = fields.contentLength.flatMap { Int($0) }
        self.checksum = if let checksum = fields.checksum { try UploadChecksum(checksum) } else { nil }
    }

    /// The first bytes, which come with the creation.
    public init(first bodyLength: Int?, checksum: UploadChecksum?) {
        self.offset = 0
        self.bodyLength = bodyLength
        self.checksum = checksum
    }

    /// Checks it against an upload, of which `stored` bytes are there.
    ///
    /// - Returns: how many bytes the body may have.
    public func room(in upload: Upload, stored: Int) throws(UploadRefusal) -> Int {
        guard upload.state != .quarantined else { throw .infected }
        guard self.offset == stored else { throw .wrongOffset(stored) }
        let room = upload.length - stored
        guard (self.bodyLength ?? 0) <= room else {
            throw UploadRefusal.tooMuch(room)
        }
        return room
    }
}
