// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: Hibiki contributors

/// Why a session has ended. The raw value is the word that applications of the original know.
public struct EngineCloseReason: RawRepresentable, Hashable, Sendable {
    public let rawValue: String

    public init(rawValue: String) {
        self.rawValue = rawValue
    }

    /// The client closed the session or the connection.
    public static let transportClose = Self(rawValue: "transport close")
    /// The connection broke, or the client used it wrongly.
    public static let transportError = Self(rawValue: "transport error")
    /// No sign of life in time.
    public static let pingTimeout = Self(rawValue: "ping timeout")
    /// Bytes that are no packet.
    public static let parseError = Self(rawValue: "parse error")
    /// The server closed the session.
    public static let forcedClose = Self(rawValue: "forced close")
}
