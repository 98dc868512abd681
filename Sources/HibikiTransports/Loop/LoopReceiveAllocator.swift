// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: Hibiki contributors

import NIOCore

/// Lends one large receive buffer to all connections of an event loop.
///
/// NIO keeps the first buffer that it gets for each channel as long as the channel lives, so that one is small. Later
/// reads borrow the loop's buffer: an idle connection holds no receive buffer worth speaking of, and a busy one reads 64 KiB at a time.
struct LoopReceiveAllocator: RecvByteBufferAllocator {
    /// The buffer, when nobody has it.
    ///
    /// Unchecked, because NIO wants an allocator that is `Sendable` and calls it on the channel's event loop only, for every read.
    final class Shared: @unchecked Sendable {
        private static let capacity = 64 << 10
        private var buffer: ByteBuffer?

        func take() -> ByteBuffer {
            guard var buffer = self.buffer else { return ByteBufferAllocator().buffer(capacity: Self.capacity) }
            self.buffer = nil
            buffer.clear()
            return buffer
        }

        /// Gives a buffer back that the loop will not look at any more when it borrows one next.
        func giveBack(_ buffer: ByteBuffer) {
            guard buffer.storageCapacity == Self.capacity else { return }
            self.buffer = buffer
        }
    }

    /// Holds a usual request head, so that most connections never read into a second buffer before they are upgraded.
    private static let firstCapacity = 512

    private let shared: Shared
    private var isFirst = true

    init(_ shared: Shared) {
        self.shared = shared
    }

    func buffer(allocator: ByteBufferAllocator) -> ByteBuffer {
        self.isFirst ? allocator.buffer(capacity: Self.firstCapacity) : self.shared.take()
    }

    /// Always says that the next buffer may be larger: only then does NIO ask for one instead of keeping the last.
    mutating func record(actualReadBytes: Int) -> Bool {
        self.isFirst = false
        return true
    }
}
