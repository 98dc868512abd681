// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: Hibiki contributors

public import NIOCore
import Synchronization

/// Bytes that were made once in each format that somebody asked for.
private struct Encodings {
    private var made: [(format: WireFormat, bytes: ByteBuffer)] = []

    mutating func bytes(in format: WireFormat, make: () -> ByteBuffer) -> ByteBuffer {
        for made in self.made where made.format === format {
            return made.bytes
        }
        let bytes = make()
        self.made.append((format, bytes))
        return bytes
    }
}

/// What several event loops make of the same message: made by the first that asks.
private struct Memos {
    private var made: [(owner: any AnyObject & Sendable, value: any Sendable)] = []

    mutating func value<Value: Sendable>(of owner: any AnyObject & Sendable, make: () -> Value) -> Value {
        for memo in self.made where memo.owner === owner {
            if let value = memo.value as? Value { return value }
        }
        let value = make()
        self.made.append((owner, value))
        return value
    }
}

/// A publication on its way to the event loops that have members.
package final class Delivery: Sendable {
    package let publication: Publication
    /// When the hub got it, for the latency of its delivery.
    let receivedAt: NIODeadline
    private let encodings = Mutex(Encodings())
    private let memos = Mutex(Memos())

    init(_ publication: Publication, receivedAt: NIODeadline = .now()) {
        self.receivedAt = receivedAt
        self.publication = publication
    }

    func bytes(in format: WireFormat) -> ByteBuffer {
        self.encodings.withLock { encodings in
            encodings.bytes(in: format) {
                var bytes = ByteBuffer()
                format.writePublication(self.publication, &bytes)
                return bytes
            }
        }
    }

    /// What `make` gives, made once for all event loops.
    ///
    /// - Parameter owner: whoever asks on every loop, for one kind of value.
    package func memo<Value: Sendable>(of owner: any AnyObject & Sendable, _ make: () -> Value) -> Value {
        self.memos.withLock { $0.value(of: owner, make: make) }
    }
}

/// A signal on its way to the event loops.
public final class SignalDelivery: Sendable {
    public let signal: Signal
    private let encodings = Mutex(Encodings())
    private let memos = Mutex(Memos())

    init(_ signal: Signal) {
        self.signal = signal
    }

    public func bytes(in format: WireFormat) -> ByteBuffer {
        self.encodings.withLock { encodings in
            encodings.bytes(in: format) {
                var bytes = ByteBuffer()
                format.writeSignal(self.signal, &bytes)
                return bytes
            }
        }
    }

    /// What `make` gives, made once for all event loops; see ``Delivery/memo(of:_:)``.
    package func memo<Value: Sendable>(of owner: any AnyObject & Sendable, _ make: () -> Value) -> Value {
        self.memos.withLock { $0.value(of: owner, make: make) }
    }
}

/// The publications of one topic that one turn of an event loop hands to the topic's members, oldest first.
///
/// All members that read the same format get the same bytes, in one buffer if they are small: one write a member,
/// however many publications came together.
public final class DeliveryBatch {
    /// One by one, for a member that writes each in its own way.
    package let deliveries: ArraySlice<Delivery>
    /// Of the batch itself, because the members ask for them one after the other and no other loop does.
    private var encodings = Encodings()
    public let policy: SlowReaderPolicy

    init(_ deliveries: ArraySlice<Delivery>, policy: SlowReaderPolicy) {
        self.deliveries = deliveries
        self.policy = policy
    }

    public var publications: some Collection<Publication> { self.deliveries.lazy.map(\.publication) }

    /// All publications, one after the other.
    public func bytes(in format: WireFormat) -> ByteBuffer {
        self.encodings.bytes(in: format) {
            if self.deliveries.count == 1, let only = self.deliveries.first {
                return only.bytes(in: format)
            }
            var bytes = ByteBuffer()
            for delivery in self.deliveries {
                bytes.writeImmutableBuffer(delivery.bytes(in: format))
            }
            return bytes
        }
    }

    /// The last of them, for a member that wants no other.
    public var newest: Publication? { self.deliveries.last?.publication }

    /// The part that a member wants which joined in the middle.
    func from(_ offset: UInt64) -> DeliveryBatch {
        let start = self.deliveries.firstIndex { $0.publication.position.offset >= offset } ?? self.deliveries.endIndex
        return DeliveryBatch(self.deliveries[start...], policy: self.policy)
    }
}

@available(*, unavailable)
extension DeliveryBatch: Sendable {}
