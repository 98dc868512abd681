// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: Hibiki contributors

public import HibikiMessaging

/// One connection in a document, as its room sees it. Called on any thread.
public protocol DocumentPeer: AnyObject, Sendable {
    /// Takes frames to this client alone.
    ///
    /// - Parameter handled: how many of the frames that it gave to ``DocumentSeat/receive(_:)`` were dealt with.
    func answer(_ frames: [[UInt8]], handled: Int)

    /// The room has put the connection out. Nothing more comes.
    func end(_ reason: DocumentEnd)
}

/// Why a room puts a connection out.
public enum DocumentEnd: Hashable, Sendable {
    /// What the client sent is not of the protocol. Words for people.
    case malformed(String)
    /// The document cannot be read or stored now. The client keeps what it wrote, and sends it again when it comes back.
    case unavailable
    /// The document takes all the room that one may take.
    case full
    /// The document was deleted.
    case deleted
    /// The document is of another kind than the one that was asked for.
    case otherKind(DocumentKind)
    /// The same client has come back on another connection.
    case replaced
}

/// Takes frames to everybody who has a document open.
public protocol DocumentOutlet: Sendable {
    /// Called for one document in the order in which its frames are to arrive. What is told here is stored.
    func send(_ frames: [[UInt8]], to name: DocumentName)
}

/// Where rooms look what time it is.
public struct DocumentClock: Sendable {
    /// What is stored.
    public var wall: @Sendable () -> Timestamp
    /// For what waits and what expires.
    public var steady: @Sendable () -> ContinuousClock.Instant

    public init(
        wall: @escaping @Sendable () -> Timestamp, steady: @escaping @Sendable () -> ContinuousClock.Instant
    ) {
        self.wall = wall
        self.steady = steady
    }
}
