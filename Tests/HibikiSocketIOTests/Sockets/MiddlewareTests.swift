// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: Hibiki contributors

import HibikiSocketIOCodec
import Logging
import NIOCore
import Synchronization
import Testing

@testable import HibikiSocketIO

@Suite struct `The authentication of tokens` {
    private static let user = SocketDataKey<String>("user")

    private static func verify(_ token: String) async throws -> String {
        switch token {
        case "good": return "ada"
        case "old": throw ConnectError("expired", data: ["code": "expired"])
        default: throw CancellationError()
        }
    }

    @Test(
        arguments: [
            (#"0{"token":"good"}"#, nil), (#"0{"token":"old"}"#, #"{"message":"expired","data":{"code":"expired"}}"#),
            (#"0{"token":"bad"}"#, #"{"message":"unauthorized","data":{"code":"unauthorized"}}"#),
            (#"0{"token":5}"#, #"{"message":"unauthorized","data":{"code":"unauthorized"}}"#),
            ("0", #"{"message":"unauthorized","data":{"code":"unauthorized"}}"#),
        ] as [(String, String?)])
    func `lets in who has a good one`(_ connect: String, _ refusal: String?) async throws {
        try await ServerHarness.with { harness in
            harness.io.use(TokenAuthentication(storing: Self.user, verify: Self.verify))
            let connection = harness.session(query: [("token", "good")])
            try await connection.receive(connect)
            try await harness.until { connection.sent.count == 1 }
            if let refusal {
                #expect(connection.sent == ["4\(refusal)"])
            } else {
                let socket = try #require(connection.application as? SocketClient).sockets.first
                #expect(socket?.data[Self.user] == "ada")
            }
        }
    }

    @Test func `looks into the query only if it is told to`() async throws {
        try await ServerHarness.with { harness in
            harness.io.use(TokenAuthentication(storing: Self.user, queryParameter: "token", verify: Self.verify))
            let connection = harness.session(query: [("token", "good")])
            try await connection.receive("0")
            try await harness.until { connection.sent.first?.hasPrefix("0") ?? false }
        }
    }
}

@Suite struct `A rate limit` {
    @Test func `answers events that are too many, and closes the connection of who goes on`() async throws {
        try await ServerHarness.with { harness in
            let time = harness.time
            harness.io.use(RateLimit(burst: 2, perSecond: 2, patience: 4, now: { time.deadline }))
            harness.io.onConnection { socket in socket.on("e") { "ok" } }
            let (connection, _) = try await harness.client()
            let (neighbour, _) = try await harness.client()
            for id in 0..<3 { try await connection.receive(#"2\#(id)["e"]"#) }
            let data = #""data":{"code":"rate_limited","retryAfter":500}"#
            #expect(
                connection.sent.dropFirst() == [
                    #"30["ok"]"#, #"31["ok"]"#, #"32[{"error":{"message":"rate limit exceeded",\#(data)}}]"#,
                ])
            time.pass(.milliseconds(500))
            try await connection.receive(#"23["e"]"#, #"2["e"]"#, #"2["e"]"#)
            #expect(
                connection.sent.suffix(2) == [#"33["ok"]"#, #"2["error",{"message":"rate limit exceeded",\#(data)}]"#])
            try await connection.receive(#"2["e"]"#)
            #expect(!connection.isClosed)
            try await connection.receive(#"2["e"]"#)
            try await harness.until { connection.isClosed }
            try await neighbour.receive(#"20["e"]"#)
            #expect(neighbour.sent.last == #"30["ok"]"#)
        }
    }
}

@Suite struct `The log of sockets` {
    @Test func `has who comes and goes, and never what clients send`() async throws {
        let lines = Notes<String>()
        try await ServerHarness.with { harness in
            var logger = Logger(label: "test") { _ in RecordingLog(lines: lines) }
            logger.logLevel = .trace
            harness.io.use(SocketLogging(logger))
            let connection = harness.session(query: [("token", "s3cret")], headers: [("cookie", "s3cret")])
            try await connection.receive(#"0{"token":"s3cret"}"#, #"2["e","s3cret"]"#, "1")
            try await harness.until { lines.all.count == 3 }
            #expect(lines.all[0].hasPrefix("info Socket has joined"))
            #expect(lines.all[1].hasPrefix("trace Socket event event=e"))
            #expect(lines.all[2].contains("reason=client namespace disconnect"))
            #expect(!lines.all.joined().contains("s3cret"))
        }
    }
}

private struct RecordingLog: LogHandler {
    let lines: Notes<String>
    var metadata: Logger.Metadata = [:]
    var logLevel = Logger.Level.trace

    subscript(metadataKey key: String) -> Logger.Metadata.Value? {
        get { self.metadata[key] }
        set { self.metadata[key] = newValue }
    }

    func log(event: LogEvent) {
        let all = self.metadata.merging(event.metadata ?? [:]) { $1 }.sorted { $0.key < $1.key }
        let words = all.map { "\($0.key)=\($0.value)" }
        self.lines.add("\(event.level) \(event.message) \(words.joined(separator: " "))")
    }
}

@Suite struct `Deadlines` {
    @Test func `are called in their order, unless they were cancelled`() {
        let time = StandingTime()
        let queue = DeadlineQueue(now: { time.deadline }, hasDriver: false)
        let calls = Notes<Int>()
        let tokens = (0..<200).map { number in
            queue.schedule(after: .milliseconds(number * 7 % 200)) { calls.add(number * 7 % 200) }
        }
        for token in tokens.dropFirst(10) { queue.cancel(token) }
        #expect(queue.count == 10)
        time.pass(.milliseconds(21))
        queue.fire(at: time.deadline)
        #expect(calls.all == [0, 7, 14, 21])
        time.pass(.seconds(1))
        queue.fire(at: time.deadline)
        #expect(calls.all == [0, 7, 14, 21, 28, 35, 42, 49, 56, 63])
        #expect(queue.next == nil)
    }

    @Test func `have a driver of their own`() async {
        let queue = DeadlineQueue()
        await withCheckedContinuation { continuation in
            _ = queue.schedule(after: .seconds(1_000)) {}
            _ = queue.schedule(after: .milliseconds(1)) { continuation.resume() }
        }
        #expect(queue.count == 1)
    }
}
