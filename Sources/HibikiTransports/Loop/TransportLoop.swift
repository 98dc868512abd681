// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: Hibiki contributors

package import HibikiMessaging
package import HibikiWebSocketCodec
package import Logging
package import NIOCore

/// What the connections of one event loop share.
package final class TransportLoop {
    package let eventLoop: any EventLoop
    /// Connections take from it what they need when they begin something.
    package var configuration: TransportConfiguration
    package let hub: Hub
    package let members: LoopHub
    let admission: Admission
    let formats: NativeFormats
    package let logger: Logger
    package let deflate: DeflateContexts
    let receiveBuffer = LoopReceiveAllocator.Shared()
    /// What has happened here. Plain numbers of this loop, so that counting costs neither a lock nor an allocation.
    package var counters = TransportCounters()
    private var connectionsSoFar: UInt64 = 0
    private var scratch = LoopScratch()
    /// Who has appended to the output last.
    private var lastWriter: Connection?
    private let deadlines: DeadlineTimer<Connection>
    private let tokenDeadlines: DeadlineTimer<TokenClock>
    private var httpDate = HTTPDate()
    /// What the last connection was told, once the server is about to stop.
    package var farewell: Farewell?

    init(
        eventLoop: any EventLoop, configuration: TransportConfiguration, hub: Hub, members: LoopHub,
        admission: Admission, formats: NativeFormats, logger: Logger
    ) {
        self.eventLoop = eventLoop
        self.configuration = configuration
        self.hub = hub
        self.members = members
        self.admission = admission
        self.formats = formats
        self.logger = logger
        self.deflate = DeflateContexts(configuration.webSocket.compression ?? PermessageDeflate.Configuration())
        self.deadlines = DeadlineTimer(eventLoop: eventLoop)
        self.tokenDeadlines = DeadlineTimer(eventLoop: eventLoop)
    }

    package var timestamp: Timestamp { .now() }

    /// The value of a `Date` field (RFC 9110 §6.6.1), made once a second.
    var date: String { self.httpDate.text(at: self.timestamp) }

    func nextConnectionID() -> ConnectionID {
        self.connectionsSoFar &+= 1
        return ConnectionID(loop: self.members.number, number: self.connectionsSoFar)
    }

    // MARK: Deadlines

    func setDeadline(after time: TimeAmount, for connection: Connection) {
        self.deadlines.set(.now() + time, for: connection)
    }

    func removeDeadline(of connection: Connection) {
        self.deadlines.remove(connection)
    }

    func setDeadline(after time: TimeAmount, for clock: TokenClock) {
        self.tokenDeadlines.set(.now() + time, for: clock)
    }

    func removeDeadline(of clock: TokenClock) {
        self.tokenDeadlines.remove(clock)
    }

    // MARK: Buffers

    func takeInput(for size: Int) -> ByteBuffer { self.scratch.takeInput(for: size) }
    func giveBackInput(_ input: ByteBuffer) { self.scratch.giveBackInput(input) }
    var pendingOutput: Int { self.scratch.pendingOutput }

    /// Says whose the output is that is appended next. What another connection has appended in the middle of its turn goes to that
    /// one's channel first: bytes of one connection must never leave on another.
    func claimOutput(for connection: Connection) {
        guard !self.isOutput(of: connection) else { return }
        if self.pendingOutput > 0 { self.lastWriter?.handOver() }
        self.lastWriter = connection
    }

    func discardOutput(of connection: Connection) {
        guard self.isOutput(of: connection) else { return }
        self.scratch.discardOutput()
        self.lastWriter = nil
    }

    func isOutput(of connection: Connection) -> Bool { self.lastWriter === connection }

    func appendOutput(_ append: (inout ByteBuffer) -> Void) { self.scratch.appendOutput(append) }
    func lendOutput(copied: Bool) -> ByteBuffer { self.scratch.lendOutput(copied: copied) }
    func isOutputStillHeld() -> Bool { self.scratch.isOutputStillHeld() }

    // MARK: Connections

    /// Every open connection: each has a deadline as long as it lives.
    var connections: [Connection] { self.deadlines.holders }
}

@available(*, unavailable)
extension TransportLoop: Sendable {}
