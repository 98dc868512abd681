// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: Hibiki contributors

package import HibikiMessaging
package import HibikiSocketIOCodec
package import HibikiWire

/// An Engine.IO session, as what is spoken in it sees it. All of it may be used from any thread, unless it says otherwise.
package protocol EngineConnection: AnyObject, Sendable {
    /// Known to the client alone: whoever has it can take the session over. A socket's id is another one.
    var id: String { get }
    var version: EngineVersion { get }
    /// The request that the session began with.
    var request: EngineRequest { get }
    /// `polling` or `websocket`.
    var transportName: String { get }
    /// The event loop that the session is with, as ``HibikiMessaging/LoopHub/number``. Changes once at most, with
    /// ``EngineApplication/moved(toLoop:)``.
    var loopNumber: Int { get }

    /// What the address has left of its budgets that the session began from; `nil` where addresses do not count.
    var addressBuckets: SharedBuckets? { get }

    /// Whether the client may be lost: it has left a ping unanswered so far, or has no connection open to be told anything.
    var isSilent: Bool { get }

    /// Queues a message after those of earlier calls.
    ///
    /// - Parameter isVolatile: it is dropped if it could not leave at once.
    func send(_ message: EngineMessage, isVolatile: Bool)

    /// Queues a text message of `length` bytes that nobody else gets. On the session's event loop it is written where it leaves
    /// from.
    func sendText(_ length: Int, isVolatile: Bool, isCompressible: Bool, _ write: (inout JoinedBytes) -> Void)

    /// Queues messages that others get too; flushed at the end of the turn. On the event loop ``loopNumber`` only.
    func deliver(_ batch: EngineBatch)

    /// Ends the session. What is queued goes out first, unless it is discarded.
    func close(discarding: Bool)

    /// The application is ready again.
    func proceed()

    /// The application has an earlier deadline than before, or its first.
    func deadlineChanged()
}

extension EngineConnection {
    package var addressBuckets: SharedBuckets? { nil }
}
