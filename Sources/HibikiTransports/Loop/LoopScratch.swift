// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: Hibiki contributors

import NIOCore

/// The buffers that the connection which has the turn uses, so that none of them owns any.
struct LoopScratch {
    /// Storage that one large message has made larger than this is let go.
    private static let largest = 256 << 10
    /// As many connections as one turn of the event loop usually reads from.
    private static let smallBuffers = 128

    private var input = ByteBuffer()
    private var output = ByteBuffer()
    /// The channel has been given `output`, and may still hold it.
    private var isLent = false
    /// What small answers wait in until the event loop has read from all connections.
    private var small: [ByteBuffer] = []
    private var nextSmall = 0

    /// An empty buffer for what a read has brought. It is copied there once, so that masks can be removed in place: NIO keeps a
    /// reference to its own buffer during a read.
    mutating func takeInput() -> ByteBuffer {
        var input = ByteBuffer()
        swap(&input, &self.input)
        input.clear()
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
        if copied {
            let copy = ByteBuffer(bytes: self.output.readableBytesView)
            self.output.clear()
            return copy
        }
        self.isLent = true
        return self.output
    }

    /// Moves what was appended into a small buffer, which is used again when its turn comes and no channel holds it.
    mutating func lendSmallOutput() -> ByteBuffer {
        self.nextSmall = (self.nextSmall + 1) % Self.smallBuffers
        if self.nextSmall >= self.small.count {
            self.small.append(ByteBuffer())
        }
        let index = min(self.nextSmall, self.small.count - 1)
        // Keeps the storage if nobody else holds it, and leaves it to the channel otherwise.
        self.small[index].clear()
        self.small[index].writeImmutableBuffer(self.output)
        self.output.clear()
        return self.small[index]
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
