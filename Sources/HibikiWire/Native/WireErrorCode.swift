// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: Hibiki contributors

/// The stable name of an error. Programs decide by it; it never changes its meaning.
///
/// The set is open: a client may meet a name that is younger than itself.
public struct WireErrorCode: RawRepresentable, Hashable, Sendable {
    public let rawValue: String

    public init(rawValue: String) {
        self.rawValue = rawValue
    }

    /// Not JSON, or a member is missing or of the wrong type.
    public static let invalidMessage = WireErrorCode(rawValue: "invalid_message")
    /// The name is no topic's name.
    public static let invalidTopic = WireErrorCode(rawValue: "invalid_topic")
    /// A `type` that this server does not know.
    public static let unknownType = WireErrorCode(rawValue: "unknown_type")
    /// This client may not do that.
    public static let permissionDenied = WireErrorCode(rawValue: "permission_denied")
    /// The token is none, or not one that this server accepts.
    public static let invalidToken = WireErrorCode(rawValue: "invalid_token")
    /// The token was good once.
    public static let tokenExpired = WireErrorCode(rawValue: "token_expired")
    /// Without a token this server does nothing.
    public static let authenticationRequired = WireErrorCode(rawValue: "authentication_required")
    /// Who could check the token does not answer.
    public static let authenticationUnavailable = WireErrorCode(rawValue: "authentication_unavailable")
    /// Who could say whether this client may does not answer.
    public static let authorizationUnavailable = WireErrorCode(rawValue: "authorization_unavailable")
    /// The page's origin is not on the list.
    public static let originNotAllowed = WireErrorCode(rawValue: "origin_not_allowed")
    /// Only members of the room may, and this client is none.
    public static let notAMember = WireErrorCode(rawValue: "not_a_member")
    /// This client is kept out of the room.
    public static let banned = WireErrorCode(rawValue: "banned")
    /// This client may read the room, and not write.
    public static let muted = WireErrorCode(rawValue: "muted")
    /// What there is forbids it: a name that is taken, the last owner who leaves.
    public static let conflict = WireErrorCode(rawValue: "conflict")
    /// No such path, or nothing of that name.
    public static let notFound = WireErrorCode(rawValue: "not_found")
    public static let methodNotAllowed = WireErrorCode(rawValue: "method_not_allowed")
    /// A body or payload above its limit.
    public static let tooLarge = WireErrorCode(rawValue: "too_large")
    /// Too many topics on one connection. Waiting does not help, unsubscribing does.
    public static let limitExceeded = WireErrorCode(rawValue: "limit_exceeded")
    /// Too much in too short a time. The error says when there is room again.
    public static let rateLimited = WireErrorCode(rawValue: "rate_limited")
    /// A connection limit is reached.
    public static let overloaded = WireErrorCode(rawValue: "overloaded")
    /// It was done or not, and the server does not know which. What has an id of its sender's own can be sent again with it.
    public static let outcomeUnknown = WireErrorCode(rawValue: "outcome_unknown")
    /// Whoever runs the server has ended this.
    public static let disconnected = WireErrorCode(rawValue: "disconnected")
    /// The server is about to stop.
    public static let shuttingDown = WireErrorCode(rawValue: "shutting_down")
    /// A fault of the server.
    public static let internalError = WireErrorCode(rawValue: "internal_error")

    /// The status of an HTTP answer with this error; 400 for a code that has none of its own.
    public var httpStatus: Int {
        switch self {
        case .invalidToken, .tokenExpired, .authenticationRequired: 401
        case .permissionDenied, .originNotAllowed, .disconnected, .notAMember, .banned, .muted: 403
        case .notFound: 404
        case .methodNotAllowed: 405
        case .conflict: 409
        case .tooLarge: 413
        case .limitExceeded, .rateLimited: 429
        case .internalError, .outcomeUnknown: 500
        case .overloaded, .shuttingDown, .authenticationUnavailable, .authorizationUnavailable: 503
        default: 400
        }
    }

    /// Whether the same request may succeed later, without anything being changed about it.
    public var mayRetry: Bool {
        switch self {
        case .rateLimited, .overloaded, .shuttingDown, .authenticationUnavailable, .authorizationUnavailable: true
        default: false
        }
    }
}
