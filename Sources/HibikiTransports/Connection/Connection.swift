// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: Hibiki contributors

import HibikiMessaging
import Logging
import NIOCore

/// One TCP connection: the only handler of its channel, from the first byte to the last.
///
/// It moves bytes between the socket and its ``ConnectionRole``, keeps the outbound queue within its bound, and knows one deadline.
/// A change of protocol replaces the role; the pipeline never changes.
final class Connection: ChannelInboundHandler {
    typealias InboundIn = ByteBuffer
    typealias OutboundOut = ByteBuffer

    private struct Flags: OptionSet {
        let rawValue: UInt8

        /// Bytes were written that have not been flushed.
        static let dirty = Flags(rawValue: 1)
        /// The socket did not take all that it was given, so what waits must not hold on to the loop's large buffer.
        static let congested = Flags(rawValue: 2)
        static let closing = Flags(rawValue: 4)
        /// Reading was stopped, because answers pile up or requests do.
        static let paused = Flags(rawValue: 8)
        /// A read is being handled; its answers are flushed together at its end.
        static let hasTurn = Flags(rawValue: 16)
        /// The outbound queue has reached its bound.
        static let full = Flags(rawValue: 32)
    }

    /// What may wait to be read by the role before the socket is not read any more.
    private static let heldSize = 64 << 10
    /// What a turn may write into the loop's buffer before it goes to the channel.
    private static let outputSize = 64 << 10

    let loop: TransportLoop
    var deadlineEntry: DeadlineEntry?
    private(set) var context: ChannelHandlerContext?
    private var role: any ConnectionRole
    private let address: Admission.Address?
    /// Bytes that the role has left, because they are half of something or because it cannot go on.
    private var held: ByteBuffer?
    private var flags: Flags = []
    /// Writers that wait for room in the outbound queue.
    private var writers: [EventLoopPromise<Void>] = []

    /// - Parameter address: what ``Admission`` counted the connection under; `nil` if it was not let in.
    init(loop: TransportLoop, role: any ConnectionRole, address: Admission.Address?) {
        self.loop = loop
        self.role = role
        self.address = address
    }

    var isClosing: Bool { self.flags.contains(.closing) }

    /// Whom the connection comes from, without the port.
    var remoteAddress: String { self.context?.channel.remoteAddress?.ipAddress ?? "" }

    /// Whether half of something waits for its other half.
    var hasHeldInput: Bool { self.held != nil }

    /// Replaces what the connection speaks. The bytes that the old role leaves go to the new one.
    func become(_ role: any ConnectionRole) {
        let old = self.role
        self.role = role
        old.left(self)
    }

    // MARK: Reading

    func handlerAdded(context: ChannelHandlerContext) {
        self.context = context
    }

    func handlerRemoved(context: ChannelHandlerContext) {
        self.context = nil
    }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        let received = self.unwrapInboundIn(data)
        defer { self.loop.receiveBuffer.giveBack(received) }
        if self.held != nil {
            self.held?.writeImmutableBuffer(received)
            self.processHeld()
            return
        }
        var input = self.loop.takeInput()
        input.writeImmutableBuffer(received)
        self.process(&input)
        if input.readableBytes > 0, !self.isClosing {
            self.held = ByteBuffer(bytes: input.readableBytesView)
        }
        self.loop.giveBackInput(input)
    }

    func channelReadComplete(context: ChannelHandlerContext) {
        self.flushNow()
        self.readIfThereIsRoom()
    }

    /// Gives the role what it has left, because it can go on now.
    func proceed() {
        guard self.held != nil, !self.flags.contains(.hasTurn) else { return }
        self.processHeld()
        self.flushNow()
        self.readIfThereIsRoom()
    }

    /// Sends what an answer outside of a turn has written, and goes on to what the client has sent meanwhile.
    func flushAndProceed() {
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
    func channelWritabilityChanged(context: ChannelHandlerContext) {
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

    func userInboundEventTriggered(context: ChannelHandlerContext, event: Any) {
        guard let event = event as? ChannelEvent, event == .inputClosed else { return }
        self.role.inputClosed(on: self)
        self.flushNow()
    }

    func errorCaught(context: ChannelHandlerContext, error: any Error) {
        self.loop.logger.debug("connection failed", metadata: ["error": "\(error)"])
        self.close()
    }

    func channelInactive(context: ChannelHandlerContext) {
        self.flags.insert(.closing)
        self.loop.removeDeadline(of: self)
        self.held = nil
        self.resumeWriters { $0.fail(HTTPConnectionClosed()) }
        self.become(ClosedRole())
        if let address = self.address {
            self.loop.admission.leave(address)
        }
    }

    func shutDown() {
        self.role.shutDown(on: self)
        self.flushNow()
    }

    // MARK: Writing

    /// Whether the outbound queue is below its bound.
    var isWritable: Bool { self.flags.isDisjoint(with: [.full, .closing]) }

    /// Appends to what this turn answers. Small answers of a turn leave in one write.
    func write(_ append: (inout ByteBuffer) -> Void) {
        self.loop.appendOutput(append)
        self.markDirty()
        if self.loop.pendingOutput >= Self.outputSize || !self.flags.contains(.hasTurn) {
            self.handOver()
        }
    }

    /// Queues bytes that others send too, without copying them.
    func write(shared bytes: ByteBuffer) {
        self.handOver()
        self.context?.write(self.wrapOutboundOut(bytes), promise: nil)
        self.markDirty()
    }

    /// Succeeds when the outbound queue has room, and fails when the connection is gone.
    func whenWritable() -> EventLoopFuture<Void> {
        guard !self.isClosing else { return self.loop.eventLoop.makeFailedFuture(HTTPConnectionClosed()) }
        guard !self.isWritable else { return self.loop.eventLoop.makeSucceededVoidFuture() }
        let promise = self.loop.eventLoop.makePromise(of: Void.self)
        self.writers.append(promise)
        return promise.futureResult
    }

    private func resumeWriters(_ resume: (EventLoopPromise<Void>) -> Void) {
        let writers = self.writers
        self.writers = []
        for writer in writers {
            resume(writer)
        }
    }

    /// What is written in a turn is flushed at its end; anything else at the end of the event loop's turn, at the latest.
    private func markDirty() {
        guard self.flags.insert(.dirty).inserted, !self.flags.contains(.hasTurn) else { return }
        self.loop.members.needsFlush(self)
    }

    /// Writes what was queued to the socket.
    func flushNow() {
        guard self.flags.contains(.dirty) else { return }
        self.flags.remove(.dirty)
        self.handOver()
        self.context?.flush()
        if self.loop.isOutputStillHeld() {
            self.flags.insert(.congested)
        }
    }

    /// Moves what was appended from the loop's buffer to the channel.
    private func handOver() {
        guard self.loop.pendingOutput > 0 else { return }
        let output = self.loop.lendOutput(copied: self.isCongested())
        self.context?.write(self.wrapOutboundOut(output), promise: nil)
    }

    private func isCongested() -> Bool {
        guard self.flags.contains(.congested) else { return false }
        guard self.waitingBytes > 0 else {
            self.flags.remove(.congested)
            return false
        }
        return true
    }

    /// What the channel has been given and the socket has not taken.
    private var waitingBytes: Int {
        let bytes = try? self.context?.channel.syncOptions?.getOption(.bufferedWritableBytes)
        return bytes ?? 0
    }

    // MARK: Deadline

    func setDeadline(after time: TimeAmount) {
        guard self.context != nil else { return }
        self.loop.setDeadline(after: time, for: self)
    }

    // MARK: Ending

    /// Cuts the connection. What the peer has not taken yet is lost.
    func close() {
        self.flags.insert(.closing)
        self.context?.close(promise: nil)
    }

    /// Ends the connection, whose peer has said that it sends nothing more.
    func closeAfterFlush() {
        self.flushNow()
        if self.waitingBytes == 0 {
            self.close()
        } else {
            self.closeGracefully()
        }
    }

    /// Ends the connection after everything has been sent: closes our side, and waits a little for the peer to do the same,
    /// because a close with unread input would reset the connection and destroy the last answer on its way.
    func closeGracefully() {
        guard !(self.role is ClosingRole), !self.isClosing else { return }
        self.become(ClosingRole())
        self.flushNow()
        self.context?.close(mode: .output, promise: nil)
        self.setDeadline(after: ClosingRole.patience)
    }
}

extension Connection: Flushable {
    func flush() {
        self.flushNow()
    }
}

extension Connection: DeadlineHolder {
    func deadlinePassed(at now: NIODeadline) {
        self.role.deadlinePassed(on: self)
        self.flushNow()
    }
}

@available(*, unavailable)
extension Connection: Sendable {}
