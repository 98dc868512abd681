// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: Hibiki contributors

import HibikiMessaging
import HibikiServer
import Testing

@Suite(.timeLimit(.minutes(1))) struct `Publishing over HTTP` {
    @Test func `answers the position, and the event is there to be read`() async throws {
        try await RunningServer.with { server in
            let answer = try await server.publish(#"{"topic":"public/a","event":"headline","payload":{"n": 1}}"#)
            #expect(answer.status == 200)
            #expect(answer["Content-Type"] == "application/json")
            #expect(answer.text.withoutEpochs == #"{"position":"E-1"}"#)
            let read = try await server.get("/v1/events?topic=public/a")
            #expect(read.text.contains(#""event":"headline","payload":{"n": 1},"from":null,"#))
        }
    }

    @Test func `calls an event without a name a message`() async throws {
        try await RunningServer.with { server in
            _ = try await server.publish(#"{"topic":"public/a","payload":null}"#)
            let read = try await server.get("/v1/events?topic=public/a")
            #expect(read.text.contains(#""event":"message","payload":null,"#))
        }
    }

    @Test func `takes an array and answers in its order`() async throws {
        try await RunningServer.with { server in
            let one = #"{"topic":"public/a","payload":1}"#
            let other = #"{"topic":"public/b","payload":2}"#
            let answer = try await server.publish("[\(one),\(other),\(one)]")
            #expect(answer.text.withoutEpochs == #"[{"position":"E-1"},{"position":"E-1"},{"position":"E-2"}]"#)
            let hundred = try await server.publish("[" + Array(repeating: one, count: 100).joined(separator: ",") + "]")
            #expect(hundred.status == 200)
            #expect(hundred.text.withoutEpochs.hasSuffix(#"{"position":"E-102"}]"#))
            #expect(try await server.publish("[]").text == "[]")
        }
    }

    @Test func `publishes nothing of an array of which one is refused`() async throws {
        try await RunningServer.with { server in
            let good = #"{"topic":"public/a","payload":1}"#
            for bad in [
                #"{"topic":"private","payload":1}"#, #"{"topic":"$x","payload":1}"#, #"{"topic":"public/a"}"#, "5",
            ] {
                let refused = try await server.publish("[\(good),\(bad)]")
                #expect(refused.code != nil)
            }
            let many = Array(repeating: good, count: 101).joined(separator: ",")
            #expect(try await server.publish("[\(many)]").code == "too_large")
            #expect(try await server.get("/v1/events?topic=public/a").text.hasPrefix(#"{"events":[],"#))
        }
    }

    @Test func `stores what has the same id once`() async throws {
        try await RunningServer.with { server in
            let publication = #"{"topic":"public/a","payload":1,"id":"k"}"#
            let first = try await server.publish(publication)
            #expect(first.text.withoutEpochs == #"{"position":"E-1"}"#)
            #expect(try await server.publish(publication).text.withoutEpochs == #"{"position":"E-1","duplicate":true}"#)
            let other = #"{"topic":"public/b","payload":1,"id":"k"}"#
            #expect(try await server.publish(other).text.withoutEpochs == #"{"position":"E-1"}"#)
        }
    }
}

@Suite(.timeLimit(.minutes(1))) struct `Publishing to many topics` {
    @Test func `answers a position for each, in their order`() async throws {
        try await RunningServer.with { server in
            _ = try await server.publish(#"{"topic":"public/b","payload":0}"#)
            let body = #"{"topics":["public/a","public/b"],"event":"news","payload":{"n":1},"id":"k"}"#
            let first = try await server.publish(body)
            #expect(first.status == 200)
            let results = #"[{"topic":"public/a","position":"E-1"},{"topic":"public/b","position":"E-2"}]"#
            #expect(first.text.withoutEpochs == #"{"results":\#(results)}"#)
            #expect(try await server.publish(body).text.withoutEpochs.contains(#""position":"E-2","duplicate":true"#))
            for topic in ["a", "b"] {
                let read = try await server.get("/v1/events?topic=public/\(topic)").text
                #expect(read.contains(#""event":"news","payload":{"n":1},"#))
            }
        }
    }

    @Test(arguments: [
        #"{"topics":[],"payload":1}"#, #"{"topics":"public/a","payload":1}"#, #"{"topics":[1],"payload":1}"#,
        #"{"topics":["public/a"],"topic":"public/a","payload":1}"#, #"{"topics":["public/a","public/a"],"payload":1}"#,
        #"[{"topics":["public/a"],"payload":1}]"#, #"{"topics":["public/a"]}"#,
        #"{"topics":["public/a",],"payload":1}"#,
    ])
    func `what makes no sense is refused`(_ body: String) async throws {
        try await RunningServer.with { server in
            let answer = try await server.publish(body)
            #expect(answer.code == "invalid_message")
        }
    }

    @Test func `publishes to none of them if one is refused, or there are too many`() async throws {
        try await RunningServer.with { server in
            let many = (0...1_000).map { "\"public/\($0)\"" }.joined(separator: ",")
            for (topics, code) in [
                (#""public/a","private""#, "permission_denied"), (#""public/a","$x""#, "invalid_topic"),
                (many, "too_large"),
            ] {
                let answer = try await server.publish(#"{"topics":[\#(topics)],"payload":1}"#)
                #expect(answer.code == code)
            }
            #expect(try await server.get("/v1/events?topic=public/a").text.hasPrefix(#"{"events":[],"#))
        }
    }

    @Test func `says what became of each if the log fills up in the middle`() async throws {
        try await RunningServer.with(.test { $0.retention.topics = 1 }) { server in
            let answer = try await server.publish(#"{"topics":["public/a","public/b"],"payload":1}"#)
            #expect(answer.status == 503 && answer.code == "overloaded")
            let results =
                #""results":[{"topic":"public/a","position":"E-1"},{"topic":"public/b","error":{"code":"overloaded","#
            #expect(answer.text.withoutEpochs.contains(results))
            let array = #"[{"topic":"public/a","payload":1},{"topic":"public/b","payload":1}]"#
            let second = try await server.publish(array)
            #expect(
                second.text.withoutEpochs.contains(#""results":[{"position":"E-2"},{"error":{"code":"overloaded","#))
        }
    }
}

@Suite(.timeLimit(.minutes(1))) struct `An Idempotency-Key` {
    private static func publish(_ server: RunningServer, _ body: String, _ fields: String...) async throws -> String {
        try await server.request("POST", "/v1/events", fields, body: body).text.withoutEpochs
    }

    @Test func `is the id of what has none of its own`() async throws {
        try await RunningServer.with { server in
            let plain = #"{"topic":"public/a","payload":1}"#
            let first = try await Self.publish(server, plain, "Idempotency-Key: k")
            #expect(first == #"{"position":"E-1"}"#)
            let again = #"{"position":"E-1","duplicate":true}"#
            #expect(try await Self.publish(server, plain, "Idempotency-Key: \"k\"") == again)
            #expect(try await server.publish(#"{"topic":"public/a","payload":1,"id":"k"}"#).text.withoutEpochs == again)
            let own = #"{"topic":"public/a","payload":1,"id":"own"}"#
            #expect(try await Self.publish(server, own, "Idempotency-Key: k") == #"{"position":"E-2"}"#)
        }
    }

    @Test func `tells the publications of an array apart`() async throws {
        try await RunningServer.with { server in
            let one = #"{"topic":"public/a","payload":1}"#
            let array = "[\(one),\(one)]"
            let first = try await Self.publish(server, array, "Idempotency-Key: k")
            #expect(first == #"[{"position":"E-1"},{"position":"E-2"}]"#)
            let again = #"[{"position":"E-1","duplicate":true},{"position":"E-2","duplicate":true}]"#
            #expect(try await Self.publish(server, array, "Idempotency-Key: k") == again)
            #expect(try await Self.publish(server, one, "Idempotency-Key: k#1").contains(#""position":"E-2""#))
        }
    }

    @Test func `has 1 to 128 bytes, and comes once`() async throws {
        try await RunningServer.with { server in
            let body = #"{"topic":"public/a","payload":1}"#
            for fields in [
                ["Idempotency-Key:"], ["Idempotency-Key: \"\""],
                ["Idempotency-Key: \(String(repeating: "k", count: 129))"],
                ["Idempotency-Key: a", "Idempotency-Key: b"],
            ] {
                let answer = try await server.request("POST", "/v1/events", fields, body: body)
                #expect(answer.status == 400 && answer.code == "invalid_message")
            }
        }
    }
}
