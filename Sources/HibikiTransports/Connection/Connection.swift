// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: Hibiki contributors

package import HibikiMessaging
import Logging
package import NIOCore

/// One TCP connection: the only handler of its channel, from the first byte to the last.
///
/// It moves bytes between the socket and its ``ConnectionRole``, keeps the outbound queue within its bound, and knows one deadline.
/// A change of protocol replaces the role; the pipeline never changes.
package final class Connection: ChannelInboundHandler {
    package typealias InboundIn = ByteBuffer
    package typealias OutboundOut = ByteBuffer

    /// What may wait to be read by the role before the socket is not read any more.
    private static let heldSize = 64 << 10

    package let loop: TransportLoop
    package var deadlineEntry: DeadlineEntry?
    // Here, because it fits into what the line above leaves of its last word.
    var flags: ConnectionFlags = []
    /// `nil` where bytes have to go through the channel, because they are encrypted or framed there.
    private(set) var socket: DirectSocket?
    private(set) var context: ChannelHandlerContext?
    private(set) var role: any ConnectionRole
    /// What ``Admission`` counts it under, as long as it is ``ConnectionFlags/counted``.
    private var address: Admission.Address
    /// What its address has left of its budgets; `nil` where addresses do not count.
    package private(set) var addressBuckets: SharedBuckets?
    /// Only behind proxies that are trusted.
    var client: ConnectionClient?
    /// Only for what is a stream of HTTP/2, and not a connection of its own.
    private(set) var stream: HTTP2StreamHandler?
    /// Bytes that the role has left, because they are half of something or because it cannot go on.
    private var held: ByteBuffer?
    /// What leaves with the next flush, if it is one buffer and the channel has none.
    var unsent: ByteBuffer?
    /// Writers that wait for room in the outbound queue.
    var writers: [EventLoopPromise<Void>] = []
    /// Bytes that the channel was given, and how many of them the socket had taken when ``hasProgressed()`` was asked last.
    var bytesGiven: UInt64 = 0
    var bytesTaken: UInt64 = 0
    var life: ConnectionLife

    /// - Parameters:
    ///   - address: what ``Admission`` counted the connection under, and what that has left; `nil` if it was not let in.
    ///   - peer: whom the connection comes from.
    init(
        loop: TransportLoop, role: any ConnectionRole, address: (Admission.Address, SharedBuckets)?,
        peer: SocketAddress? = nil
    ) {
        self.loop = loop
        self.role = role
        self.address = address?.0 ?? .other
        self.addressBuckets = address?.1
        if address != nil { self.flags = .counted }
        self.life = ConnectionLife(id: loop.nextConnectionID(), address: peer, at: .now())
    }

    /// What stands in every line of the log about this connection.
    package var id: ConnectionID { self.life.id }

    package var isClosing: Bool { self.flags.contains(.closing) }

    /// Whether the server stops, and it is this connection's turn to end.
    package var isLeaving: Bool { self.flags.contains(.leaving) }

    /// Makes it a stream of another connection.
    func rides(on carrier: Connection, through stream: HTTP2StreamHandler) {
        self.stream = stream
        self.flags.insert(.secure)
        self.client = carrier.client
        self.addressBuckets = carrier.addressBuckets
    }

    /// Says that no more streams are taken, and ends the connection with the last of them.
    func endsHTTP2() {
        self.context?.pipeline.fireUserInboundEventTriggered(ChannelShouldQuiesceEvent())
    }

    var socketAddress: SocketAddress? { self.context?.channel.remoteAddress }

    /// Whether half of something waits for its other half.
    var hasHeldInput: Bool { self.held != nil }

    /// Counts the connection under another address.
    ///
    /// - Parameter isNew: whether nobody knew that address before.
    func move(to address: NetworkAddress, isNew: Bool) throws(Admission.Refusal) {
        let new = Admission.Address(address)
        guard self.flags.contains(.counted) else {
            // A stream: its connection is counted.
            self.addressBuckets = self.loop.admission.buckets(of: new, at: .now())
            return
        }
        self.addressBuckets = try self.loop.admission.move(from: self.address, to: new, isNew: isNew, at: .now())
        self.address = new
    }

    /// Replaces what the connection speaks. The bytes that the old role leaves go to the new one.
    func become(_ role: any ConnectionRole) {
        let old = self.role
        self.role = role
        if self.context != nil { self.loop.counters.change(from: old.kind, to: role.kind) }
        if let kind = role.kind, kind != .closing { self.life.transport = kind }
        old.left(self)
    }

    // MARK: Reading

    package func handlerAdded(context: ChannelHandlerContext) {
        self.context = context
        self.socket = self.flags.contains(.secure) ? nil : DirectSocket(context.channel)
        self.loop.counters.change(from: nil, to: self.role.kind)
    }

    /// Comes once for every connection that was accepted, however it ended.
    package func handlerRemoved(context: ChannelHandlerContext) {
        self.context = nil
        self.stream = nil
        self.forgetSocket()
        self.loop.counters.change(from: self.role.kind, to: nil)
        if self.flags.remove(.counted) != nil {
            self.loop.admission.leave(self.address)
            self.logEnd()
        }
    }

    private func logEnd() {
        self.loop.logger.info(
            "connection closed",
            metadata: self.life.metadata(client: self.client?.text, bytesOut: self.bytesGiven, at: .now()))
    }

    package func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        let received = self.unwrapInboundIn(data)
        defer { self.loop.receiveBuffer.giveBack(received) }
        self.life.bytesIn &+= UInt64(received.readableBytes)
        self.loop.counters.bytesIn &+= UInt64(received.readableBytes)
        if self.held != nil {
            self.held?.writeImmutableBuffer(received)
            self.processHeld()
            return
        }
        var input = self.loop.takeInput(for: received.readableBytes)
        input.writeImmutableBuffer(received)
        self.process(&input)
        if input.readableBytes > 0, !self.isClosing {
            self.held = ByteBuffer(bytes: input.readableBytesView)
        }
        self.loop.giveBackInput(input)
    }

    package func channelReadComplete(context: ChannelHandlerContext) {
        self.endTurn()
        self.readIfThereIsRoom()
    }

    /// Gives the role what it has left, because it can go on now.
    package func proceed() {
        guard !self.flags.contains(.hasTurn) else { return }
        if self.held != nil {
            self.processHeld()
            self.flushNow()
            self.readIfThereIsRoom()
        }
        self.endInput()
    }

    /// Sends what an answer outside of a turn has written, and goes on to what the client has sent meanwhile.
    package func flushAndProceed() {
        guard !self.flags.contains(.hasTurn) else { return }
        self.flushNow()
        self.proceed()
    }

    private func processHeld() {
        guard var held = self.held else { return }
        self.held = nil
        self.process(&held)
        guard held.readableBytes > 0, !self.isClosing else { return }
        held.discardReadBytes()
        self.held = held
    }

    /// Does something for which answers are sent at the end of the turn.
    func inTurn(_ body: () -> Void) {
        self.flags.insert(.hasTurn)
        body()
        self.flags.remove(.hasTurn)
    }

    /// Lets the role read until it stops, and its successor go on where it has become another.
    private func process(_ input: inout ByteBuffer) {
        self.flags.insert(.hasTurn)
        while input.readableBytes > 0, !self.isClosing {
            let before = self.role
            before.receive(&input, on: self)
            guard self.role !== before else { break }
        }
        self.flags.remove(.hasTurn)
    }

    /// Reads on, or stops: the kernel, and then the peer, has to keep what there is no room for.
    private func readIfThereIsRoom() {
        let isFull = !self.isWritable || (self.held?.readableBytes ?? 0) >= Self.heldSize
        guard isFull != self.flags.contains(.paused) else { return }
        if isFull {
            self.flags.insert(.paused)
        } else {
            self.flags.remove(.paused)
        }
        // Fails for a channel that is closed, where it does not matter.
        try? self.context?.channel.syncOptions?.setOption(.autoRead, value: !isFull)
    }

    // MARK: Other events

    /// Comes in the middle of a write too, when that write fills the queue.
    package func channelWritabilityChanged(context: ChannelHandlerContext) {
        guard context.channel.isWritable else {
            self.flags.insert(.full)
            return
        }
        self.flags.remove(.full)
        guard !self.flags.contains(.hasTurn) else { return }
        self.resumeWriters { $0.succeed() }
        self.proceed()
        self.role.becameWritable(on: self)
        self.flushNow()
        self.readIfThereIsRoom()
    }

    package func userInboundEventTriggered(context: ChannelHandlerContext, event: Any) {
        guard let event = event as? ChannelEvent, event == .inputClosed else { return }
        self.flags.insert(.inputEnded)
        self.life.ends(by: .client)
        self.endInput()
    }

    /// Tells the role that nothing more comes, as soon as it has read all that came before.
    private func endInput() {
        guard self.flags.contains(.inputEnded), !self.flags.contains(.hasTurn), !self.isClosing else { return }
        guard self.held == nil || self.isWritable else { return }
        self.role.inputClosed(on: self)
        self.flushNow()
    }

    package func errorCaught(context: ChannelHandlerContext, error: any Error) {
        self.loop.logger.debug(
            "connection failed", metadata: ["connection": .stringConvertible(self.id), "error": "\(error)"])
        self.life.ends(by: .failure)
        self.close()
    }

    package func channelInactive(context: ChannelHandlerContext) {
        self.flags.insert(.closing)
        self.life.ends(by: .client)
        self.loop.removeDeadline(of: self)
        self.forgetSocket()
        self.held = nil
        self.resumeWriters { $0.fail(HTTPConnectionClosed()) }
        // Nobody else may get what this connection has written.
        self.loop.discardOutput(of: self)
        self.become(ClosedRole())
    }

    /// The descriptor may be somebody else's from now on.
    func forgetSocket() {
        self.socket = nil
        self.unsent = nil
    }

    /// Tells the peer that the server stops. A second call has no effect.
    func shutDown(_ farewell: Farewell) {
        guard !self.isClosing, self.flags.insert(.leaving).inserted else { return }
        self.loop.farewell = farewell
        self.role.shutDown(farewell, on: self)
        self.flushNow()
    }

    // MARK: Deadline

    package func setDeadline(after time: TimeAmount) {
        guard self.context != nil, !self.isClosing else { return }
        self.loop.setDeadline(after: time, for: self)
    }
}

extension Connection: DeadlineHolder {
    package func deadlinePassed(at now: NIODeadline) {
        self.role.deadlinePassed(on: self)
        self.flushNow()
    }
}

@available(*, unavailable)
extension Connection: Sendable {}
