// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: Hibiki contributors

import HibikiMessaging
import HibikiWebSocketCodec
import Logging
import NIOCore

/// What the connections of one event loop share.
final class TransportLoop {
    let eventLoop: any EventLoop
    let configuration: TransportConfiguration
    let hub: Hub
    let members: LoopHub
    let admission: Admission
    let formats: NativeFormats
    let logger: Logger
    let deflate: DeflateContexts
    let receiveBuffer = LoopReceiveAllocator.Shared()
    private var scratch = LoopScratch()
    private var deadlines: DeadlineWheel<Connection>
    private var ticking = false
    private var httpDate = HTTPDate()
    private(set) var isShuttingDown = false

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
        self.deadlines = DeadlineWheel(at: .now())
    }

    var timestamp: Timestamp { .now() }

    /// The value of a `Date` field (RFC 9110 §6.6.1), made once a second.
    var date: String { self.httpDate.text(at: self.timestamp) }

    // MARK: Deadlines

    func setDeadline(after time: TimeAmount, for connection: Connection) {
        self.deadlines.set(.now() + time, for: connection)
        self.startTicking()
    }

    func removeDeadline(of connection: Connection) {
        self.deadlines.remove(connection)
    }

    private func startTicking() {
        guard !self.ticking else { return }
        self.ticking = true
        self.scheduleTick()
    }

    private func scheduleTick() {
        self.eventLoop.assumeIsolated().scheduleTask(in: DeadlineWheel<Connection>.tick) { self.tick() }
    }

    private func tick() {
        let now = NIODeadline.now()
        for connection in self.deadlines.advance(to: now) {
            connection.deadlinePassed(at: now)
        }
        if self.deadlines.count > 0 {
            self.scheduleTick()
        } else {
            self.ticking = false
        }
    }

    // MARK: Buffers

    func takeInput() -> ByteBuffer { self.scratch.takeInput() }
    func giveBackInput(_ input: ByteBuffer) { self.scratch.giveBackInput(input) }
    var pendingOutput: Int { self.scratch.pendingOutput }
    func appendOutput(_ append: (inout ByteBuffer) -> Void) { self.scratch.appendOutput(append) }
    func lendOutput(copied: Bool) -> ByteBuffer { self.scratch.lendOutput(copied: copied) }
    func discardOutput() { self.scratch.discardOutput() }
    func isOutputStillHeld() -> Bool { self.scratch.isOutputStillHeld() }

    // MARK: Shutdown

    /// Every open connection: each has a deadline as long as it lives.
    var connections: [Connection] { self.deadlines.holders }

    /// Ends every connection in its own way; those that do not go by themselves are cut by their time limits.
    func shutDown() {
        self.isShuttingDown = true
        for connection in self.connections {
            connection.shutDown()
        }
    }
}

@available(*, unavailable)
extension TransportLoop: Sendable {}
