// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: Hibiki contributors

public import HibikiWire

/// Why something about an upload is refused. The set is open.
public struct UploadRefusal: Error, Equatable, Sendable {
    /// The status of HTTP.
    public let status: Int
    public let code: WireErrorCode
    /// Words for people.
    public let message: String

    public init(_ status: Int, _ code: WireErrorCode, _ message: String) {
        self.status = status
        self.code = code
        self.message = message
    }

    public static func invalid(_ message: String) -> UploadRefusal {
        UploadRefusal(400, .invalidMessage, message)
    }

    /// There is no such upload, or whoever asks may not know of it: the two look the same.
    public static let notFound = UploadRefusal(404, .notFound, "there is no such upload")
    /// It ran out before it was complete, or was deleted a short time ago.
    public static let gone = UploadRefusal(410, .uploadGone, "the upload is gone")
    public static let notAllowed = UploadRefusal(403, .permissionDenied, "this client may not upload")
    /// Another request works on it and does not end.
    public static let locked = UploadRefusal(423, .uploadLocked, "another request works on this upload")
    public static let notReady = UploadRefusal(409, .uploadNotReady, "the upload is not complete")
    public static let infected = UploadRefusal(422, .uploadInfected, "the scanner has found something in the file")
    public static let busy = UploadRefusal(503, .overloaded, "the file cannot be checked or stored at the moment")
    public static let broken = UploadRefusal(
        500, .internalError, "the upload cannot be stored; this is a fault of the server")

    /// The version of the protocol is missing or another (tus 1.0, "Tus-Resumable").
    public static let unsupportedVersion = UploadRefusal(
        412, .unsupportedVersion, "this wants the header Tus-Resumable: 1.0.0")

    public static func wrongOffset(_ offset: Int) -> UploadRefusal {
        UploadRefusal(409, .wrongOffset, "the upload goes on at \(offset)")
    }

    public static func tooLarge(_ limit: Int) -> UploadRefusal {
        UploadRefusal(413, .tooLarge, "an upload has at most \(limit) bytes")
    }

    /// The body is longer than what is missing.
    static func tooMuch(_ room: Int) -> UploadRefusal {
        UploadRefusal(413, .tooLarge, "the upload has room for \(room) more bytes")
    }

    public static func unsupportedType(_ type: FileType) -> UploadRefusal {
        UploadRefusal(415, .unsupportedType, "files of the type \(type.mediaType) are not taken")
    }
}

/// The bytes of a request did not all come. Those that did are stored.
public struct UploadInterrupted: Error, Equatable, Sendable {
    /// Whether it was ended because another request came for the same upload; the client was lost otherwise.
    public let isReplaced: Bool

    public init(isReplaced: Bool) {
        self.isReplaced = isReplaced
    }
}

extension WireErrorCode {
    /// The resumable protocol, in a version that is not spoken.
    public static let unsupportedVersion = WireErrorCode(rawValue: "unsupported_version")
    /// The bytes do not follow those that are there.
    public static let wrongOffset = WireErrorCode(rawValue: "wrong_offset")
    /// Of the body, or of the file by its first bytes.
    public static let unsupportedType = WireErrorCode(rawValue: "unsupported_media_type")
    /// The bytes are not those that the checksum was made of. They are thrown away.
    public static let checksumMismatch = WireErrorCode(rawValue: "checksum_mismatch")
    public static let uploadLocked = WireErrorCode(rawValue: "upload_locked")
    public static let uploadNotReady = WireErrorCode(rawValue: "upload_not_ready")
    public static let uploadGone = WireErrorCode(rawValue: "upload_gone")
    public static let uploadInfected = WireErrorCode(rawValue: "upload_infected")
    /// A picture that says it has more pixels than anybody should open.
    public static let pictureTooLarge = WireErrorCode(rawValue: "picture_too_large")
    /// The principal has no room left. Deleting something helps.
    public static let quotaExceeded = WireErrorCode(rawValue: "quota_exceeded")
}
