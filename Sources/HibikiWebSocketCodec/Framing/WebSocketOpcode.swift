// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: Hibiki contributors

/// What a frame carries (RFC 6455 §5.2).
public struct WebSocketOpcode: RawRepresentable, Sendable, Hashable {
    public let rawValue: UInt8

    /// - Parameter rawValue: Only the lower four bits travel.
    @inlinable
    public init(rawValue: UInt8) {
        self.rawValue = rawValue
    }

    public static let continuation = WebSocketOpcode(rawValue: 0x0)
    public static let text = WebSocketOpcode(rawValue: 0x1)
    public static let binary = WebSocketOpcode(rawValue: 0x2)
    public static let close = WebSocketOpcode(rawValue: 0x8)
    public static let ping = WebSocketOpcode(rawValue: 0x9)
    public static let pong = WebSocketOpcode(rawValue: 0xA)

    /// Control frames are never fragmented and carry at most 125 bytes (RFC 6455 §5.5).
    @inlinable
    public var isControl: Bool {
        self.rawValue & 0x8 != 0
    }

    /// Whether RFC 6455 gives the opcode a meaning; all others are reserved.
    @inlinable
    public var isDefined: Bool {
        self.rawValue <= 0x2 || (0x8...0xA).contains(self.rawValue)
    }
}
