// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: Hibiki contributors

import NIOCore
import Synchronization

/// What the publisher and the subscribers of one measurement share.
final class Fanout: Sendable {
    let topic: String
    let subscribers: Int
    let size: Int
    /// Deliveries to all subscribers together.
    let delivered = Atomic<Int>(0)
    private let subscribed = Atomic<Int>(0)
    private let onRound = Mutex<(@Sendable () -> Void)?>(nil)

    init(topic: String, subscribers: Int, size: Int) {
        self.topic = topic
        self.subscribers = subscribers
        self.size = size
    }

    func didSubscribe() {
        self.subscribed.add(1, ordering: .relaxed)
    }

    func allSubscribed(within limit: Duration, _ board: StatisticsBoard) async throws {
        let clock = ContinuousClock()
        let end = clock.now + limit
        while self.subscribed.load(ordering: .relaxed) < self.subscribers {
            if let failure = try await board.failure() { throw BenchFailure(failure) }
            guard clock.now < end else {
                let count = self.subscribed.load(ordering: .relaxed)
                throw BenchFailure("Only \(count) of \(self.subscribers) subscriptions were answered within \(limit).")
            }
            try await Task.sleep(for: .milliseconds(10))
        }
    }

    /// - Parameter body: called whenever one more publication has reached as many as there are subscribers.
    func onEachRound(_ body: @escaping @Sendable () -> Void) {
        self.onRound.withLock { $0 = body }
    }

    func didDeliver() {
        let count = self.delivered.add(1, ordering: .relaxed).newValue
        guard count.isMultiple(of: self.subscribers) else { return }
        self.onRound.withLock { $0 }?()
    }

    // MARK: The payload

    private static let mark = Array(#""sent":""#.utf8)

    /// An object of `size` bytes that says when it was sent.
    func payload(sent: NIODeadline) -> ByteBuffer {
        var payload = ByteBuffer(string: #"{"sent":""# + String(sent.uptimeNanoseconds) + #"","x":""#)
        payload.writeRepeatingByte(UInt8(ascii: "x"), count: max(0, self.size - payload.readableBytes - 2))
        payload.writeString(#""}"#)
        return payload
    }

    /// When the publication in an event was sent. Looks for the mark only: a subscriber's parser is not what is
    /// measured.
    static func sent(in event: ByteBuffer) -> NIODeadline? {
        event.withUnsafeReadableBytes { bytes in
            guard bytes.count > self.mark.count else { return nil }
            for start in 0..<(bytes.count - self.mark.count) where bytes[start] == self.mark[0] {
                guard bytes[start..<(start + self.mark.count)].elementsEqual(self.mark) else { continue }
                let digits = bytes[(start + self.mark.count)...].prefix { (0x30...0x39).contains($0) }
                return UInt64(String(decoding: digits, as: UTF8.self)).map(NIODeadline.uptimeNanoseconds)
            }
            return nil
        }
    }
}
