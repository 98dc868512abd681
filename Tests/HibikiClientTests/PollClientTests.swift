// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: Hibiki contributors

import HibikiWire
import NIOCore
import Testing

@testable import HibikiClient

@Suite(.timeLimit(.minutes(1)))
struct PollClientTests {
    @Test func `a short poll names its topics and says where it was`() async throws {
        let server = try await LoopbackServer.start()
        async let answer = PollClient(at: server.url).poll(["public/a", "public/b"], since: "v1.AA", limit: 10)
        let peer = try await server.accept()
        let line = try await peer.request().line
        #expect(line == "GET /v1/events?topic=public%2Fa&topic=public%2Fb&since=v1.AA&limit=10 HTTP/1.1")
        try await peer.answer(body: #"{"events":[\#(EventFields.test(1).json())],"lastEventId":"x","gap":true}"#)
        #expect(try await answer == PollAnswer(events: [.test(1)], lastEventID: "x", gap: true))
    }

    @Test func `a long poll that ends without an event says where to go on`() async throws {
        let server = try await LoopbackServer.start()
        async let answer = PollClient(at: server.url).poll(["public/a"], wait: .seconds(90))
        let peer = try await server.accept()
        #expect(try await peer.request().parameter("wait") == "60")
        try await peer.write("HTTP/1.1 204 No Content\r\nLast-Event-ID: 5d41c0a2-3\r\n\r\n")
        #expect(try await answer == PollAnswer(events: [], lastEventID: "5d41c0a2-3"))
    }

    @Test(arguments: ["", "{}", #"{"events":[{}],"lastEventId":"x"}"#, "[]", "\u{FEFF}"])
    func `what is no answer to a poll is an error, not a trap`(_ body: String) async throws {
        let server = try await LoopbackServer.start()
        async let error = clientError { _ = try await PollClient(at: server.url).poll(["public/a"]) }
        let peer = try await server.accept()
        _ = try await peer.request()
        try await peer.answer(body: body)
        #expect(try await error?.code == .invalidAnswer)
    }

    @Test func `a poll without a topic is not sent`() async throws {
        let server = try await LoopbackServer.start()
        let error = try await clientError { _ = try await PollClient(at: server.url).poll([]) }
        #expect(error?.code == .invalidRequest)
    }
}
