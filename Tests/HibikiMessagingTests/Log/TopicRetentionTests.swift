// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: Hibiki contributors

import HibikiWire
import Testing

@testable import HibikiMessaging

@Suite struct `What the log of a topic keeps` {
    @Test func `is decided by the longest prefix that fits`() throws {
        var retention = LogRetention()
        retention.publications = 5
        retention.set(TopicRetention(publications: 2), forPrefix: "a/")
        retention.set(TopicRetention(publications: 9), forPrefix: "a/")
        retention.set(TopicRetention(publications: 3), forPrefix: "a/b/")
        for (name, expected) in [("a/x", 9), ("a/b/x", 3), ("a", 5), ("b/a/", 5)] {
            #expect(retention.retention(of: try Topic(name)).publications == expected)
        }
    }

    @Test(arguments: EventLogImplementation.all)
    func `is bounded for that topic alone`(_ implementation: EventLogImplementation) throws {
        let log = implementation { retention in
            retention.publications = 3
            retention.age = .seconds(10)
            retention.set(TopicRetention(publications: 5, age: .seconds(100)), forPrefix: "long/")
        }
        let topics = [try Topic("short"), try Topic("long/a")]
        for number in 0..<8 {
            for topic in topics { try log.store("\(number)", in: topic) }
        }
        #expect(topics.map { log.read($0, from: .earliest).texts.count } == [3, 5])
        #expect(topics.map { log.read($0, from: .earliest, at: 50).texts.count } == [0, 5])
        #expect(topics.map { log.read($0, from: .earliest, at: 101).texts.count } == [0, 0])
    }
}

@Suite struct `A reserved topic` {
    @Test func `is not among those that have members`() throws {
        let routes = TopicRoutes()
        routes.add(try Topic(reserved: "$socket.io/"), loop: 0)
        routes.add(try Topic("public/a"), loop: 0)
        #expect(routes.count == 1)
    }

    @Test func `can be named by the server alone`() throws {
        #expect(try Topic(reserved: "$socket.io/").name == "$socket.io/")
        #expect(refusal { () throws(WireError) in _ = try Topic("$socket.io/") } == .invalidTopic)
        #expect(refusal { () throws(WireError) in _ = try Topic(reserved: "$a\n") } == .invalidTopic)
        #expect(
            refusal { () throws(WireError) in _ = try Topic(reserved: "$" + String(repeating: "x", count: 255)) }
                == .invalidTopic)
    }
}
