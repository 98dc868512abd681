// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: Hibiki contributors

import HibikiWire
import NIOCore
import Testing

@testable import HibikiClient

@Suite(.timeLimit(.minutes(1)))
struct EventStreamClientTests {
    private func stream(_ server: LoopbackServer, _ sleeps: Sleeps, eventBytes: Int = 1_000) -> EventStreamClient {
        EventStreamClient(
            at: server.url, "/stream",
            EventStreamClient.Configuration(eventBytes: eventBytes, reconnection: sleeps.reconnection)
        )
    }

    @Test func `after a cut it comes back with the id of the last whole event, not before the time that was asked for`()
        async throws
    {
        let server = try await LoopbackServer.start()
        let sleeps = Sleeps()
        var iterator = self.stream(server, sleeps).makeAsyncIterator()
        let playing = Task {
            let first = try await server.accept()
            let before = try await first.request()
            try await first.beginEventStream()
            try await first.write("retry: 7000\n\nid: 1\ndata: one\n\nid: 2\ndata: ha")
            first.close()
            let second = try await server.accept()
            let after = try await second.request()
            try await second.beginEventStream()
            try await second.write("id: 2\ndata: two\n\n")
            return (before, after, second)
        }
        #expect(try await iterator.next() == ServerSentEvent(id: "1", data: ByteBuffer(string: "one")))
        #expect(try await iterator.next() == ServerSentEvent(id: "2", data: ByteBuffer(string: "two")))
        let (before, after, _) = try await playing.value
        #expect(before.headers["accept"] == "text/event-stream")
        #expect(before.headers["last-event-id"] == nil)
        #expect(after.headers["last-event-id"] == "1")
        #expect(sleeps.all == [.seconds(7)])
    }

    @Test func `204 ends it for good`() async throws {
        let server = try await LoopbackServer.start()
        var iterator = self.stream(server, Sleeps()).makeAsyncIterator()
        let playing = Task {
            let peer = try await server.accept()
            _ = try await peer.request()
            try await peer.write("HTTP/1.1 204 No Content\r\n\r\n")
        }
        #expect(try await iterator.next() == nil)
        #expect(try await iterator.next() == nil)
        try await playing.value
    }

    @Test func `an answer that is no event stream is an error for good`() async throws {
        let server = try await LoopbackServer.start()
        var iterator = self.stream(server, Sleeps()).makeAsyncIterator()
        let playing = Task {
            let peer = try await server.accept()
            _ = try await peer.request()
            try await peer.answer("200 OK", ["Content-Type: text/html"], body: "<p>")
        }
        let error = try await clientError { _ = try await iterator.next() }
        #expect(error?.code == .invalidAnswer)
        try await playing.value
    }

    @Test func `a refusal that may pass is tried again, one that may not is thrown`() async throws {
        let server = try await LoopbackServer.start()
        let sleeps = Sleeps()
        var iterator = self.stream(server, sleeps).makeAsyncIterator()
        let playing = Task {
            for status in ["503 Service Unavailable", "403 Forbidden"] {
                let peer = try await server.accept()
                _ = try await peer.request()
                try await peer.answer(status)
            }
        }
        let error = try await clientError { _ = try await iterator.next() }
        #expect(error?.status == 403)
        #expect(sleeps.all.count == 1)
        try await playing.value
    }

    @Test func `an event above the limit is an error for good`() async throws {
        let server = try await LoopbackServer.start()
        var iterator = self.stream(server, Sleeps(), eventBytes: 10).makeAsyncIterator()
        let playing = Task {
            let peer = try await server.accept()
            _ = try await peer.request()
            try await peer.beginEventStream()
            try await peer.write("data: 0123456789")
            return peer
        }
        let error = try await clientError { _ = try await iterator.next() }
        #expect(error?.code == .tooLarge)
        try await playing.value.ended()
    }

    @Test func `a stream without a sign of life is left after the limit`() async throws {
        let server = try await LoopbackServer.start()
        let configuration = EventStreamClient.Configuration(
            silenceLimit: .milliseconds(50), reconnection: Reconnection(maximumTries: 0)
        )
        var iterator = EventStreamClient(at: server.url, "/", configuration).makeAsyncIterator()
        let playing = Task {
            let peer = try await server.accept()
            _ = try await peer.request()
            try await peer.write("HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\n\r\ndata: x\n\n")
            return peer
        }
        #expect(try await iterator.next()?.event == "message")
        let error = try await clientError { _ = try await iterator.next() }
        #expect(error?.code == .timedOut)
        _ = try await playing.value
    }
}
