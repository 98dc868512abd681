// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: Hibiki contributors

public import NIOCore

/// An event as it stands on the wire, whichever transport carries it.
public struct EventFields: Equatable, Sendable {
    public var topic: String
    /// `nil` for an event that no log keeps.
    public var position: String?
    /// The event's name, 1 to 255 bytes.
    public var event: String
    /// The JSON text of the payload, byte for byte as it was published.
    public var payload: ByteBuffer
    /// The client id of the publisher, or `nil` if it published over HTTP.
    public var from: String?
    /// Milliseconds since 1970.
    public var timestamp: Int64

    /// The name of an event that was published without one.
    public static let defaultName = "message"
    /// The lengths that an event's name may have, in bytes.
    public static let nameLengths = 1...255

    public init(topic: String, position: String?, event: String, payload: ByteBuffer, from: String?, timestamp: Int64) {
        self.topic = topic
        self.position = position
        self.event = event
        self.payload = payload
        self.from = from
        self.timestamp = timestamp
    }
}
