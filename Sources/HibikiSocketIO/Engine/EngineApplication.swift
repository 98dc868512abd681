// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: Hibiki contributors

package import HibikiSocketIOCodec
package import HibikiTransports
package import NIOCore

/// What is spoken inside one Engine.IO session. The calls of one session come one after the other.
package protocol EngineApplication: AnyObject, Sendable {
    /// Whether it can take another message now. If not, the client is not read until ``EngineSession/proceed()`` is called.
    var isReady: Bool { get }

    /// The bytes are a slice of a buffer that the event loop uses again: what is kept has to be copied.
    func received(text: consuming ByteBuffer)
    func received(binary: ByteBuffer)

    /// The session has got a WebSocket, which is driven by that event loop. Called there, before anything is sent on it
    /// or received from it.
    func moved(toLoop number: Int)

    /// When ``deadlinePassed(at:)`` is to be called next, if at all. Asked when the session begins, when its clock is set
    /// anew, and after ``EngineConnection/deadlineChanged()``: who gets an earlier deadline than before has to say so.
    var deadline: NIODeadline? { get }
    func deadlinePassed(at now: NIODeadline)

    /// The server is about to stop: tell the client, and close the connection when what is under way is done.
    /// By default there is nothing to tell or to wait for.
    func shutDown(_ farewell: Farewell) -> EngineEnding

    /// Adds to a record of a connection what only the application knows. On the connection's event loop.
    func describe(in record: inout ConnectionRecord)

    /// Whoever runs the server wants the session to end. By default the session is closed.
    ///
    /// - Returns: whether the application closes it.
    func dismiss(_ dismissal: Dismissal) -> Bool

    /// The last call, on any thread.
    func closed(_ reason: EngineCloseReason, description: String?)
}

extension EngineApplication {
    package var deadline: NIODeadline? { nil }
    package func deadlinePassed(at now: NIODeadline) {}
    package func shutDown(_ farewell: Farewell) -> EngineEnding { .none }
    package func describe(in record: inout ConnectionRecord) {}
    package func dismiss(_ dismissal: Dismissal) -> Bool { false }
}

/// How an application ends a session because the server is about to stop.
package enum EngineEnding {
    /// Not at all: the session is closed for it.
    case none
    /// What it has to tell is queued, and it closes the connection right behind it.
    case atOnce
    /// It closes the connection when something that is under way is done.
    case later
}
