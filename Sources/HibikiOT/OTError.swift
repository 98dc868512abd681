// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: Hibiki contributors

/// Why an operation, a document or a piece of JSON was refused. What it was for is as it was before the call that threw it.
///
/// Two errors are equal if their codes are: the words may name lengths and places.
public struct OTError: Error, Hashable, Sendable, CustomStringConvertible {
    /// A stable code for programs. An open set: compare with the names below and keep a last branch.
    public struct Code: Hashable, Sendable, CustomStringConvertible {
        public let description: String
    }

    public let code: Code
    /// Words for people: what was wrong, and where.
    public let description: String

    /// Whether the client has to load the document anew before it sends anything else.
    public var needsReload: Bool {
        switch self.code {
        case .revisionGone, .revisionAhead, .tooFarBehind: true
        default: false
        }
    }

    public static func == (left: OTError, right: OTError) -> Bool { left.code == right.code }
    public func hash(into hasher: inout Hasher) { hasher.combine(self.code) }
}

extension OTError.Code {
    /// `invalid-json`: the bytes are not JSON (RFC 8259), or a string in them holds half a surrogate pair.
    public static let invalidJSON = Self(description: "invalid-json")
    /// `invalid-operation`: JSON that is not an operation of this kind.
    public static let invalidOperation = Self(description: "invalid-operation")
    /// `invalid-document`: JSON that is not a document of this kind.
    public static let invalidDocument = Self(description: "invalid-document")
    /// `wrong-length`: the operation was made for a document of another length.
    public static let wrongLength = Self(description: "wrong-length")
    /// `splits-surrogate-pair`: an edge of the operation lies within one character of two UTF-16 units.
    public static let splitsSurrogatePair = Self(description: "splits-surrogate-pair")
    /// `limit-exceeded`: something is longer, deeper or more than ``OTLimits`` or ``RevisionLimits`` allow.
    public static let limitExceeded = Self(description: "limit-exceeded")
    /// `revision-gone`: the log no longer reaches back to the revision. Load the document anew.
    public static let revisionGone = Self(description: "revision-gone")
    /// `revision-ahead`: the document has not come so far. Load the document anew.
    public static let revisionAhead = Self(description: "revision-ahead")
    /// `too-far-behind`: to rebase the operation would take too many steps. Load the document anew.
    public static let tooFarBehind = Self(description: "too-far-behind")
    /// `out-of-order`: a stored operation does not follow the one before it.
    public static let outOfOrder = Self(description: "out-of-order")
}

extension OTError {
    static func invalidJSON(_ reason: String, at byte: Int) -> OTError {
        OTError(code: .invalidJSON, description: "\(reason), at byte \(byte)")
    }

    static func invalidOperation(_ reason: String) -> OTError {
        OTError(code: .invalidOperation, description: reason)
    }

    static func invalidDocument(_ reason: String) -> OTError {
        OTError(code: .invalidDocument, description: reason)
    }

    static func wrongLength(_ expected: Int, actual: Int) -> OTError {
        OTError(
            code: .wrongLength,
            description: "the operation is for a document of \(expected) UTF-16 units, and this one has \(actual)")
    }

    static func wrongLength(_ length: Int, revision: Int) -> OTError {
        OTError(
            code: .wrongLength,
            description: "the operation does not fit revision \(revision), which has \(length) UTF-16 units")
    }

    static var splitsSurrogatePair: OTError {
        OTError(code: .splitsSurrogatePair, description: "the operation cuts a surrogate pair in two")
    }

    static func limitExceeded(_ what: String, _ limit: Int) -> OTError {
        OTError(code: .limitExceeded, description: "\(what) exceeds the limit of \(limit)")
    }

    static func revisionGone(_ revision: Int, oldest: Int) -> OTError {
        OTError(
            code: .revisionGone,
            description: "revision \(revision) is no longer held, the oldest is \(oldest): load the document anew")
    }

    static func revisionAhead(_ revision: Int, newest: Int) -> OTError {
        OTError(
            code: .revisionAhead,
            description: "there is no revision \(revision), the newest is \(newest): load the document anew")
    }

    static func tooFarBehind(_ revision: Int, newest: Int) -> OTError {
        OTError(
            code: .tooFarBehind,
            description: "too much changed between revisions \(revision) and \(newest): load the document anew")
    }

    static func outOfOrder(_ revision: Int, expected: Int) -> OTError {
        OTError(code: .outOfOrder, description: "revision \(revision) stands where \(expected) should")
    }
}
