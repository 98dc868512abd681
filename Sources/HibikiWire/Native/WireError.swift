// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: Hibiki contributors

/// An error as the other side is told it.
public struct WireError: Error, Equatable, Sendable {
    public var code: WireErrorCode
    /// Words for people. They may change from version to version.
    public var message: String
    /// The request that it answers, if that carried an id.
    public var id: RequestID?

    public init(_ code: WireErrorCode, _ message: String, id: RequestID? = nil) {
        self.code = code
        self.message = message
        self.id = id
    }
}
