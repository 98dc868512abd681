// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: Hibiki contributors

/// The request that begins an upload (tus 1.0, "Creation" and "Creation With Upload").
public struct TusCreation: Equatable, Sendable {
    public let length: Int
    public let name: String
    public let metadata: String
    /// See ``TusMetadata/isForMessage``.
    public let isForMessage: Bool
    /// Whether the body is the beginning of the file.
    public let hasBody: Bool

    /// What the request says in its header; `nil` for what is not there.
    public struct Fields: Sendable {
        public var version: String?
        public var length: String?
        public var deferredLength: String?
        public var metadata: String?
        public var contentType: String?
        public var contentLength: String?
        public var isChunked = false

        public init() {}
    }

    public init(_ fields: Fields, _ limits: UploadLimits) throws(UploadRefusal) {
        try Tus.check(version: fields.version)
        guard fields.deferredLength == nil else {
            throw .invalid("an upload says its length at its beginning: Upload-Defer-Length is not spoken")
        }
        guard let text = fields.length else { throw .invalid("this wants the header Upload-Length") }
        guard text.utf8.allSatisfy(\.isDigit), !text.isEmpty else {
            throw .invalid("Upload-Length is not a number of bytes")
        }
        // A number with more digits than an integer has is no less a number.
        guard let length = Int(text), length <= limits.fileBytes else { throw .tooLarge(limits.fileBytes) }
        let metadata = fields.metadata ?? ""
        guard metadata.utf8.count <= limits.metadataBytes else {
            throw .invalid("Upload-Metadata has at most \(limits.metadataBytes) bytes")
        }
        self.length = length
        self.metadata = metadata
        let pairs = metadata.isEmpty ? TusMetadata() : try TusMetadata(metadata)
        self.name = FileName.clean(pairs.fileName)
        self.isForMessage = pairs.isForMessage
        self.hasBody = fields.isChunked || !["", "0"].contains(fields.contentLength ?? "")
        guard !self.hasBody || Tus.isOffsetType(fields.contentType) else { throw Tus.wrongContentType }
    }
}

/// What all requests of the protocol share.
public enum Tus {
    public static let version = "1.0.0"
    public static let extensions = "creation,creation-with-upload,termination,checksum,expiration"
    public static let contentType = "application/offset+octet-stream"

    public static let wrongContentType = UploadRefusal(
        415, .unsupportedType, "the body of this request has the type \(Tus.contentType)")

    public static func check(version: String?) throws(UploadRefusal) {
        guard version == Self.version else { throw .unsupportedVersion }
    }

    /// Parameters do not change it.
    static func isOffsetType(_ text: String?) -> Bool {
        let type = (text ?? "").utf8.prefix { $0 != UInt8(ascii: ";") && $0 != UInt8(ascii: " ") }
        return String(decoding: type, as: UTF8.self).lowercased() == Self.contentType
    }
}

extension UInt8 {
    var isDigit: Bool { (UInt8(ascii: "0")...UInt8(ascii: "9")) ~= self }
}
