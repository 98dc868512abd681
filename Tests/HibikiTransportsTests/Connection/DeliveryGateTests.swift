// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: Hibiki contributors

import NIOCore
import Testing

@testable import HibikiMessaging
@testable import HibikiTransports

@Suite struct `The gate of a full outbound queue` {
    private func batch(
        _ offsets: ClosedRange<UInt64>, of name: String = "a", policy: SlowReaderPolicy
    ) throws -> DeliveryBatch {
        let topic = try Topic(name)
        let deliveries = offsets.map { offset in
            let draft = Draft(topic: topic, event: "message", payload: ByteBuffer(string: "\(offset)"))
            return Delivery(
                Publication(
                    draft, position: StreamPosition(epoch: Epoch(7), offset: offset),
                    timestamp: Timestamp(milliseconds: 0)))
        }
        return DeliveryBatch(deliveries[...], policy: policy)
    }

    private func texts(_ publications: [Publication]) -> [String] {
        publications.map { "\($0.topic) \($0.position.offset)" }
    }

    @Test(arguments: SlowReaderPolicy.allCases)
    func `is open while there is room`(_ policy: SlowReaderPolicy) throws {
        var gate = DeliveryGate()
        #expect(gate.verdict(try self.batch(1...3, policy: policy), hasRoom: true) == .write)
        #expect(gate.takeWaiting().isEmpty)
    }

    @Test func `closes the connection of a reader that must not miss anything`() throws {
        var gate = DeliveryGate()
        #expect(gate.verdict(try self.batch(1...1, policy: .close), hasRoom: false) == .tooSlow)
        #expect(gate.takeWaiting().isEmpty)
    }

    @Test func `drops what is worth nothing later`() throws {
        var gate = DeliveryGate()
        #expect(gate.verdict(try self.batch(1...1, policy: .drop), hasRoom: false) == .skip)
        #expect(gate.takeWaiting().isEmpty)
    }

    @Test func `keeps the newest of each topic`() throws {
        var gate = DeliveryGate()
        #expect(gate.verdict(try self.batch(1...3, policy: .latest), hasRoom: false) == .skip)
        #expect(gate.verdict(try self.batch(7...8, of: "b", policy: .latest), hasRoom: false) == .skip)
        #expect(gate.verdict(try self.batch(4...5, policy: .latest), hasRoom: false) == .skip)
        #expect(self.texts(gate.takeWaiting()).sorted() == ["a 5", "b 8"])
        #expect(gate.takeWaiting().isEmpty)
    }

    @Test func `forgets a topic that was left`() throws {
        var gate = DeliveryGate()
        _ = gate.verdict(try self.batch(1...1, policy: .latest), hasRoom: false)
        gate.forget(try Topic("a"))
        #expect(gate.takeWaiting().isEmpty)
    }
}
