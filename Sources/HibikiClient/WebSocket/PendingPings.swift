// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: Hibiki contributors

import NIOCore

/// The pings that wait for their pongs. A pong answers its ping and all before it (RFC 6455 §5.5.3).
struct PendingPings {
    private var waiting = CircularBuffer<(number: UInt64, promise: EventLoopPromise<Void>)>()
    private var last: UInt64 = 0

    /// - Returns: the payload of the ping.
    mutating func add(_ promise: EventLoopPromise<Void>) -> ByteBuffer {
        self.last &+= 1
        self.waiting.append((self.last, promise))
        return ByteBuffer(integer: self.last)
    }

    /// A pong that was not asked for is passed over.
    mutating func answered(_ payload: ByteBuffer) {
        guard payload.readableBytes == 8, let number = payload.getInteger(at: payload.readerIndex, as: UInt64.self),
            self.waiting.contains(where: { $0.number == number })
        else { return }
        while let first = self.waiting.first, first.number <= number {
            self.waiting.removeFirst()
            first.promise.succeed()
        }
    }

    mutating func failAll(_ error: HibikiClientError) {
        let waiting = self.waiting
        self.waiting.removeAll()
        for ping in waiting { ping.promise.fail(error) }
    }
}
