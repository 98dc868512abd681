// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: Hibiki contributors

public import NIOCore

/// An event as it came out of a stream.
public struct ServerSentEvent: Equatable, Sendable {
    /// The last id that the stream gave, with this event or before it; empty if there was none.
    public var id: String
    /// `message` if the stream did not name it.
    public var event: String
    /// The lines of data, joined by LF.
    public var data: ByteBuffer

    public init(id: String = "", event: String = "message", data: ByteBuffer) {
        self.id = id
        self.event = event
        self.data = data
    }
}

/// An event or a line was longer than the parser's limit.
public struct ServerSentEventTooLarge: Error, Equatable, Sendable {
    /// In bytes.
    public let limit: Int

    public init(limit: Int) {
        self.limit = limit
    }
}
