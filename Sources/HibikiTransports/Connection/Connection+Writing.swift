// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: Hibiki contributors

import HibikiMessaging
import NIOCore

extension Connection {
    /// What a turn may write into the loop's buffer before it goes to the channel.
    private static let outputSize = 64 << 10
    /// What is worth copying, so that it can be sent together with other connections' answers.
    private static let smallOutput = 2048

    /// Whether the outbound queue is below its bound.
    package var isWritable: Bool { self.flags.isDisjoint(with: [.full, .closing]) }

    /// Appends to what this turn answers. Small answers of a turn leave in one write.
    func write(_ append: (inout ByteBuffer) -> Void) {
        self.loop.claimOutput(for: self)
        self.loop.appendOutput(append)
        self.markDirty()
        if self.loop.pendingOutput >= Connection.outputSize || !self.flags.contains(.hasTurn) {
            self.handOver()
        }
    }

    /// Queues bytes that others send too, without copying them.
    func write(shared bytes: ByteBuffer) {
        self.handOver()
        self.give(bytes)
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

    func resumeWriters(_ resume: (EventLoopPromise<Void>) -> Void) {
        let writers = self.writers
        self.writers = []
        for writer in writers {
            resume(writer)
        }
    }

    /// What is written in a turn is flushed at its end; anything else at the end of the event loop's turn, at the latest.
    func markDirty() {
        guard self.flags.insert(.dirty).inserted, !self.flags.contains(.hasTurn) else { return }
        self.loop.members.needsFlush(self)
    }

    /// Sends the answers of a turn. Small ones go out with those of the other connections when the event loop has read from
    /// all of them: writing then stays in the processor's cache, which gains more than the copy costs.
    func endTurn() {
        guard self.flags.contains(.dirty) else { return }
        guard self.loop.pendingOutput <= Self.smallOutput else {
            self.flushNow()
            return
        }
        self.handOver(copied: true)
        self.loop.members.needsFlush(self)
    }

    /// Writes what was queued to the socket.
    package func flushNow() {
        guard self.flags.contains(.dirty) else { return }
        self.flags.remove(.dirty)
        self.handOver()
        if let bytes = self.unsent {
            self.send(bytes)
        } else {
            self.context?.flush()
        }
        if self.loop.isOutputStillHeld() {
            self.flags.insert(.congested)
        }
    }

    /// Moves what was appended from the loop's buffer to the channel.
    ///
    /// - Parameter copied: give the channel a buffer of its own, because it may keep it for long.
    func handOver(copied: Bool = false) {
        guard self.loop.pendingOutput > 0, self.loop.isOutput(of: self) else { return }
        let output = self.loop.lendOutput(copied: copied || self.isCongested())
        self.give(output)
    }

    // MARK: To the socket, or to the channel's queue

    private func give(_ bytes: ByteBuffer) {
        self.bytesGiven += UInt64(bytes.readableBytes)
        self.loop.counters.bytesOut &+= UInt64(bytes.readableBytes)
        if let first = self.unsent {
            self.unsent = nil
            self.queue(first)
            self.queue(bytes)
        } else if self.socket != nil, self.isQueueEmpty() {
            self.unsent = bytes
        } else {
            self.queue(bytes)
        }
    }

    private func queue(_ bytes: ByteBuffer) {
        self.flags.insert(.queued)
        self.context?.write(self.wrapOutboundOut(bytes), promise: nil)
    }

    private func isQueueEmpty() -> Bool {
        guard self.flags.contains(.queued) else { return true }
        guard self.waitingBytes == 0 else { return false }
        self.flags.remove(.queued)
        return true
    }

    /// What the socket does not take waits in the channel until it does.
    private func send(_ bytes: ByteBuffer) {
        self.unsent = nil
        let taken = self.socket?.take(bytes) ?? 0
        guard taken < bytes.readableBytes else { return }
        var rest = bytes
        rest.moveReaderIndex(forwardBy: taken)
        self.queue(rest)
        self.context?.flush()
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
    package var waitingBytes: Int {
        if let stream = self.stream { return stream.waitingBytes }
        let bytes = try? self.context?.channel.syncOptions?.getOption(.bufferedWritableBytes)
        return (bytes ?? 0) + (self.unsent?.readableBytes ?? 0)
    }

    /// The same, as it is counted: what waits for a connection of HTTP/2 waits for its streams, which are counted by themselves.
    var queuedBytes: Int { self.role.kind == .http2 ? 0 : self.waitingBytes }

    /// Whether the peer has taken anything since this was asked last, or has nothing to take. A reader may be slow; one that
    /// takes nothing at all is as good as gone.
    package func hasProgressed() -> Bool {
        let waiting = UInt64(self.waitingBytes)
        let taken = self.bytesGiven - min(waiting, self.bytesGiven)
        defer { self.bytesTaken = taken }
        return waiting == 0 || taken > self.bytesTaken
    }
}

extension Connection: Flushable {
    package func flush() {
        self.flushNow()
    }
}
