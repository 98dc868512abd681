// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: Hibiki contributors

import HibikiTestSupport
import NIOCore
import NIOEmbedded
import Testing

@testable import HibikiMessaging

@Suite struct `The members of a topic` {
    @Test func `keep their list whole, whoever leaves`() throws {
        let stepped = try SteppedHub()
        let topic = try Topic("public/a")
        let listener = Listener(stepped.members)
        var generator = SeededGenerator(seed: 6)
        var members = TopicMembers(policy: .close)
        var present: [Subscription] = []
        for _ in 0..<2_000 {
            if Bool.random(using: &generator) || present.isEmpty {
                let subscription = Subscription(topic: topic, subscriber: listener)
                members.insert(subscription)
                present.append(subscription)
            } else {
                let leaver = present.remove(at: Int.random(in: 0..<present.count, using: &generator))
                members.remove(leaver)
                members.remove(leaver)
                #expect(!leaver.isActive)
            }
            #expect(members.list.count == present.count)
        }
        #expect(Set(members.list.map(ObjectIdentifier.init)) == Set(present.map(ObjectIdentifier.init)))
        #expect(members.list.enumerated().allSatisfy { $0.element.index == $0.offset })
    }

    @Test func `are routed to as long as there is one`() throws {
        let stepped = try SteppedHub()
        let topic = try Topic("public/a")
        let listeners = [Listener(stepped.members), Listener(stepped.members)]
        let subscriptions = listeners.map { $0.join(stepped.hub, topic, from: .latest) }
        #expect(stepped.hub.topicsWithMembers == 1)
        #expect(stepped.hub.routes.withLoops(of: topic, \.self) == 1)
        stepped.members.unsubscribe(subscriptions[0])
        #expect(stepped.hub.topicsWithMembers == 1)
        stepped.members.unsubscribe(subscriptions[1])
        stepped.members.unsubscribe(subscriptions[1])
        #expect(stepped.hub.topicsWithMembers == 0)
        #expect(stepped.hub.routes.withLoops(of: topic, \.self) == 0)
    }

    @Test func `who has more to read has not joined`() throws {
        let stepped = try SteppedHub()
        let topic = try Topic("public/a")
        stepped.publish("1", "2", "3", to: topic)
        let listener = Listener(stepped.members)
        let (subscription, slice) = stepped.members.subscribe(
            listener, to: topic, from: .earliest, limit: 2, at: .at(0))
        #expect(slice.hasMore)
        #expect(!subscription.isActive)
        #expect(stepped.hub.topicsWithMembers == 0)
    }

    @Test func `are known by a bit for each event loop`() throws {
        let routes = TopicRoutes()
        let topic = try Topic("public/a")
        for loop in [0, 5, 63] { routes.add(topic, loop: loop) }
        #expect(routes.withLoops(of: topic, \.self) == 1 | 1 << 5 | 1 << 63 as UInt64)
        routes.remove(topic, loop: 5)
        routes.remove(topic, loop: 6)
        #expect(routes.withLoops(of: topic, \.self) == 1 | 1 << 63 as UInt64)
        routes.remove(topic, loop: 0)
        routes.remove(topic, loop: 63)
        #expect(routes.count == 0)
    }
}
