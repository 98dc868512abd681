// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: Hibiki contributors

/// An error as the other side is told it.
public struct WireError: Error, Equatable, Sendable {
    public var code: WireErrorCode
    /// Words for people. They may change from version to version.
    public var message: String
    /// The request that it answers, if that carried an id.
    public var id: RequestID?
    /// When the same request may be sent again, in milliseconds, if that is known.
    public var retryAfter: Int64?

    public init(_ code: WireErrorCode, _ message: String, id: RequestID? = nil, retryAfter: Int64? = nil) {
        self.code = code
        self.message = message
        self.id = id
        self.retryAfter = retryAfter
    }
}
