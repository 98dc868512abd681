// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: Hibiki contributors

import NIOCore
import NIOEmbedded
import Testing

@testable import HibikiMessaging

@Suite struct `A turn of the hub` {
    @Test func `encodes a publication once for all who read the same format`() throws {
        let stepped = try SteppedHub()
        let topic = try Topic("public/a")
        let (json, other) = (CountingFormat(), CountingFormat())
        let listeners = (0..<10).map { Listener(stepped.members, format: $0 < 7 ? json.format : other.format) }
        for listener in listeners { _ = listener.join(stepped.hub, topic, from: .latest) }
        stepped.publish("a", "b", "c", to: topic)
        stepped.turn()
        #expect(json.publications == 3)
        #expect(other.publications == 3)
        #expect(listeners.allSatisfy { $0.texts == ["a", "b", "c"] })
    }

    @Test func `hands many publications to a member as one buffer, which all members share`() throws {
        let stepped = try SteppedHub()
        let topic = try Topic("public/a")
        let format = CountingFormat()
        let listeners = (0..<3).map { _ in Listener(stepped.members, format: format.format) }
        for listener in listeners { _ = listener.join(stepped.hub, topic, from: .latest) }
        stepped.publish("a", "b", "c", to: topic)
        stepped.turn()
        #expect(listeners.allSatisfy { $0.batches == [ByteBuffer(string: "a;b;c;")] })
        let addresses = listeners.map { listener in listener.batches[0].withUnsafeReadableBytes { $0.baseAddress } }
        #expect(Set(addresses).count == 1)
    }

    @Test func `does not copy large publications together`() throws {
        let stepped = try SteppedHub()
        let topic = try Topic("public/a")
        let listener = Listener(stepped.members)
        _ = listener.join(stepped.hub, topic, from: .latest)
        let large = String(repeating: "x", count: 20_000)
        stepped.publish("a", large, large, "b", to: topic)
        stepped.turn()
        #expect(listener.texts == ["a", large, large, "b"])
        #expect(listener.batches.map(\.readableBytes) == [20_003, 20_003])
    }

    @Test func `flushes each member once`() throws {
        let stepped = try SteppedHub()
        let topics = [try Topic("1"), try Topic("2")]
        let listener = Listener(stepped.members)
        for topic in topics { _ = listener.join(stepped.hub, topic, from: .latest) }
        for text in ["a", "b", "c"] {
            for topic in topics { stepped.publish(text, to: topic) }
        }
        #expect(listener.flushes == 0)
        stepped.turn()
        #expect(listener.texts == ["a", "a", "b", "b", "c", "c"])
        #expect(listener.flushes == 1)
        stepped.turn()
        #expect(listener.flushes == 1)
    }

    @Test func `gives a member that joined in the middle of a batch only its part`() throws {
        let stepped = try SteppedHub()
        let topic = try Topic("public/a")
        let (early, late, latest) = (Listener(stepped.members), Listener(stepped.members), Listener(stepped.members))
        _ = early.join(stepped.hub, topic, from: .latest)
        stepped.publish("1", "2", to: topic)
        _ = late.join(stepped.hub, topic, from: .after(.test(1)))
        _ = latest.join(stepped.hub, topic, from: .latest)
        stepped.publish("3", "4", to: topic)
        stepped.turn()
        #expect(early.offsets == [1, 2, 3, 4])
        #expect(late.offsets == [2, 3, 4])
        #expect(latest.offsets == [3, 4])
        #expect(early.batches.count == 1)
    }

    @Test func `leaves a member in peace that has left while it was under way`() throws {
        let stepped = try SteppedHub()
        let topic = try Topic("public/a")
        let listeners = (0..<3).map { _ in Listener(stepped.members) }
        let subscriptions = listeners.map { $0.join(stepped.hub, topic, from: .latest) }
        for listener in listeners {
            listener.whenDelivered = { _ in
                for subscription in subscriptions { stepped.members.unsubscribe(subscription) }
            }
        }
        stepped.publish("a", to: topic)
        stepped.turn()
        #expect(listeners.flatMap(\.texts) == ["a"])
        #expect(stepped.hub.topicsWithMembers == 0)
    }

    @Test func `lets a member leave and another join in the middle of a delivery`() throws {
        let stepped = try SteppedHub()
        let topic = try Topic("public/a")
        let (first, second, newcomer) = (
            Listener(stepped.members), Listener(stepped.members), Listener(stepped.members)
        )
        _ = first.join(stepped.hub, topic, from: .latest)
        _ = second.join(stepped.hub, topic, from: .latest)
        first.whenDelivered = { subscription in
            stepped.members.unsubscribe(subscription)
            first.whenDelivered = { _ in }
            _ = newcomer.join(stepped.hub, topic, from: .earliest)
        }
        stepped.publish("a", "b", to: topic)
        stepped.turn()
        stepped.publish("c", to: topic)
        stepped.turn()
        #expect(first.texts == ["a", "b"])
        #expect(second.texts == ["a", "b", "c"])
        #expect(newcomer.texts == ["a", "b", "c"])
    }

    @Test func `goes on to deliver when the topic was forgotten and its offsets begin again`() throws {
        var retention = LogRetention()
        retention.age = .seconds(10)
        let stepped = try SteppedHub(retention: retention)
        let topic = try Topic("public/a")
        let listener = Listener(stepped.members)
        _ = listener.join(stepped.hub, topic, from: .latest)
        stepped.publish("1", "2", "3", to: topic, at: 0)
        stepped.turn()
        stepped.log.sweep(at: .at(11))
        stepped.publish("4", "5", to: topic, at: 12)
        stepped.turn()
        #expect(listener.texts == ["1", "2", "3", "4", "5"])
    }

    @Test func `posts nothing where nobody listens`() throws {
        let stepped = try SteppedHub()
        let format = CountingFormat()
        let listener = Listener(stepped.members, format: format.format)
        _ = listener.join(stepped.hub, try Topic("1"), from: .latest)
        stepped.publish("a", to: try Topic("2"))
        stepped.turn()
        #expect(listener.texts.isEmpty)
        #expect(format.publications == 0)
    }
}
