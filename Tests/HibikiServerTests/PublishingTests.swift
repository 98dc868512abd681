// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: Hibiki contributors

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
