// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: Hibiki contributors

import NIOCore

/// The buffers that the connection which has the turn uses, so that none of them owns any.
struct LoopScratch {
    /// Storage that one large message has made larger than this is let go.
    private static let largest = 256 << 10

    /// Where long input begins in its buffer. All buffers begin at the same place within a page, and long copies between places
    /// within a few bytes of each other, modulo a page, take an AMD processor ten times as long as others: an echo of 4 KiB became
    /// a sixth faster.
    private static let lead = 1 << 10
    private static let longInput = 2 << 10

    private static let smallCopy = 512
    /// More than the connections that one turn of the event loop usually reads from.
    private static let mostCopies = 256

    private var input = ByteBuffer()
    private var output = ByteBuffer()
    private var copies: [ByteBuffer] = []
    private var nextCopy = 0
    /// The channel has been given `output`, and may still hold it.
    private var isLent = false

    /// An empty buffer for the `size` bytes that a read has brought. They are copied there once, so that masks can be removed in
    /// place: NIO keeps a reference to its own buffer during a read.
    mutating func takeInput(for size: Int) -> ByteBuffer {
        var input = ByteBuffer()
        swap(&input, &self.input)
        input.clear()
        if size >= Self.longInput {
            input.reserveCapacity(Self.lead + size)
            input.moveWriterIndex(to: Self.lead)
            input.moveReaderIndex(to: Self.lead)
        }
        return input
    }

    mutating func giveBackInput(_ input: ByteBuffer) {
        guard input.storageCapacity <= Self.largest else { return }
        self.input = input
    }

    /// Bytes that wait to be lent.
    var pendingOutput: Int { self.isLent ? 0 : self.output.readableBytes }

    mutating func appendOutput(_ append: (inout ByteBuffer) -> Void) {
        self.takeBackOutput()
        append(&self.output)
    }

    /// Throws away what was appended and not lent.
    mutating func discardOutput() {
        guard !self.isLent else { return }
        self.output.clear()
    }

    /// - Parameter copied: make it no larger than it has to be, because it may wait for long.
    mutating func lendOutput(copied: Bool) -> ByteBuffer {
        if copied { return self.copyOfOutput() }
        self.isLent = true
        return self.output
    }

    /// Small copies go into one of a ring of buffers, which is free again when the channel that was lent it has written it.
    private mutating func copyOfOutput() -> ByteBuffer {
        defer { self.output.clear() }
        guard self.output.readableBytes <= Self.smallCopy else {
            return ByteBuffer(bytes: self.output.readableBytesView)
        }
        if self.copies.count < Self.mostCopies { self.copies.append(ByteBuffer()) }
        self.nextCopy = (self.nextCopy + 1) % self.copies.count
        // A buffer that a channel still holds is left to it: clearing then makes a new one.
        self.copies[self.nextCopy].clear()
        self.copies[self.nextCopy].writeImmutableBuffer(self.output)
        return self.copies[self.nextCopy]
    }

    /// After a flush: whether the channel still holds what it was lent, because the socket has not taken all of it.
    mutating func isOutputStillHeld() -> Bool {
        guard self.isLent else { return false }
        let before = self.address
        self.takeBackOutput()
        return self.address != before
    }

    /// Clearing keeps the storage if nobody else holds it, and makes a new one otherwise.
    private mutating func takeBackOutput() {
        guard self.isLent else { return }
        self.isLent = false
        if self.output.storageCapacity > Self.largest {
            self.output = ByteBuffer()
        } else {
            self.output.clear()
        }
    }

    private var address: UnsafeRawPointer? {
        self.output.withVeryUnsafeBytes { $0.baseAddress }
    }
}
