// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: Hibiki contributors

import HibikiWebSocketCodec
import HibikiWire
import NIOCore
import Testing

@testable import HibikiClient

@Suite(.timeLimit(.minutes(1)))
struct HibikiEventsTests {
    private func iterator(
        _ server: LoopbackServer, _ transport: Transport, topics: [String] = ["public/a"],
        since: StartingPoint = .latest,
        _ sleeps: Sleeps = Sleeps()
    ) -> HibikiEvents.AsyncIterator {
        let configuration = HibikiEvents.Configuration(reconnection: sleeps.reconnection)
        return Hibiki.events(of: topics, since: since, via: transport, at: server.url, configuration)
            .makeAsyncIterator()
    }

    private func welcome(_ server: LoopbackServer) async throws -> SocketPeer {
        let peer = try await server.acceptWebSocket(subprotocols: ["hibiki.json"])
        try await peer.send(#"{"type":"welcome","clientId":"me","timestamp":1}"#)
        return peer
    }

    private static func envelope(_ offset: Int, id: String? = nil) -> String {
        "id: \(id ?? "5d41c0a2-\(offset)")\nevent: event\ndata: \(EventFields.test(offset).json())\n\n"
    }

    // MARK: WebSocket

    @Test func `over a WebSocket it subscribes, goes on behind the last event after a cut, and drops what comes twice`()
        async throws
    {
        let server = try await LoopbackServer.start()
        var iterator = self.iterator(server, .webSocket, since: .position("5d41c0a2-3"))
        let playing = Task {
            let first = try await self.welcome(server)
            #expect(try await first.text() == #"{"type":"subscribe","topic":"public/a","since":"5d41c0a2-3","id":0}"#)
            try await first.send(#"{"type":"reply","id":0,"topic":"public/a","position":"5d41c0a2-5"}"#)
            for offset in [4, 5] { try await first.send(EventFields.test(offset).json(type: true)) }
            first.peer.close()
            let second = try await self.welcome(server)
            #expect(try await second.text() == #"{"type":"subscribe","topic":"public/a","since":"5d41c0a2-5","id":0}"#)
            try await second.send(#"{"type":"reply","id":0,"topic":"public/a","position":"5d41c0a2-5"}"#)
            for offset in [5, 6] { try await second.send(EventFields.test(offset).json(type: true)) }
            return second
        }
        let items = try await HibikiEvents.take(6, from: &iterator)
        #expect(items == ["connected me", "4", "5", "reconnecting", "connected me", "6"])
        _ = try await playing.value
    }

    @Test func `a cut right after the subscription loses nothing: latest has become a position`() async throws {
        let server = try await LoopbackServer.start()
        var iterator = self.iterator(server, .webSocket)
        let playing = Task {
            let first = try await self.welcome(server)
            #expect(try await first.text().contains(#""since":"latest""#))
            try await first.send(#"{"type":"reply","id":0,"topic":"public/a","position":"5d41c0a2-8"}"#)
            try await first.close(1012, "restart")
            _ = try await first.event()
            first.peer.close()
            let second = try await self.welcome(server)
            #expect(try await second.text().contains(#""since":"5d41c0a2-8""#))
            try await second.send(#"{"type":"reply","id":0,"topic":"public/a","position":"5d41c0a2-9","gap":true}"#)
            return second
        }
        let items = try await HibikiEvents.take(4, from: &iterator)
        #expect(items == ["connected me", "reconnecting", "connected me", "gap public/a"])
        _ = try await playing.value
    }

    @Test(arguments: [UInt16(1008), 4500]) func `a close that says not to come back is thrown`(
        _ code: UInt16
    ) async throws {
        let server = try await LoopbackServer.start()
        var iterator = self.iterator(server, .webSocket)
        let playing = Task {
            let peer = try await self.welcome(server)
            _ = try await peer.text()
            try await peer.close(code)
            _ = try await peer.event()
            peer.peer.close()
        }
        let error = try await clientError { _ = try await iterator.next() }
        #expect(error?.code == .closed)
        #expect(try await iterator.next() == nil)
        try await playing.value
    }

    @Test func `a server that closes for a restart before anything was asked is come back to`() async throws {
        let server = try await LoopbackServer.start()
        var iterator = self.iterator(server, .webSocket)
        var close = ByteBuffer()
        close.writeWebSocketClose(code: .serviceRestart)
        let playing = Task { [close] in
            let peer = try await server.acceptWebSocket(subprotocols: ["hibiki.json"], behind: close)
            peer.peer.close()
        }
        guard case .reconnecting? = try await iterator.next() else { throw PeerGone() }
        try await playing.value
    }

    @Test func `a refused subscription is thrown with the server's code`() async throws {
        let server = try await LoopbackServer.start()
        var iterator = self.iterator(server, .webSocket, topics: ["private"])
        let playing = Task {
            let peer = try await self.welcome(server)
            try await peer.send(#"{"type":"error","id":0,"code":"permission_denied","message":"no","retry":false}"#)
            return peer
        }
        let error = try await clientError { _ = try await iterator.next() }
        #expect(error?.serverCode == .permissionDenied)
        try await playing.value.peer.ended()
    }

    // MARK: Server-Sent Events

    @Test func `over SSE a cut before the first event and one in the middle of an event lose nothing`() async throws {
        let server = try await LoopbackServer.start()
        var iterator = self.iterator(server, .serverSentEvents)
        let connected = "event: connected\ndata: {\"clientId\":\"me\"}\n\n"
        let playing = Task {
            var since: [String?] = []
            for text in [
                "id: 5d41c0a2-6\n\(connected)", connected + Self.envelope(7) + "id: 5d41c0a2-8\ndata: {",
                Self.envelope(7) + Self.envelope(8),
            ] {
                let peer = try await server.accept()
                since.append(try await peer.request().parameter("since"))
                try await peer.beginEventStream()
                try await peer.write(text)
                peer.close()
            }
            return since
        }
        let items = try await HibikiEvents.take(6, from: &iterator)
        #expect(items == ["connected me", "reconnecting", "connected me", "7", "reconnecting", "8"])
        #expect(try await playing.value == ["latest", "5d41c0a2-6", "5d41c0a2-7"])
    }

    @Test func `over SSE a gap is told with its topics, and the string for all topics is carried`() async throws {
        let server = try await LoopbackServer.start()
        var iterator = self.iterator(
            server, .serverSentEvents, topics: ["public/a", "public/b"], since: .position("v1.AA"))
        let playing = Task {
            let first = try await server.accept()
            let target = try await first.request()
            try await first.beginEventStream()
            try await first.write(
                "id: v1.BB\nevent: gap\ndata: {\"topics\":[\"public/b\"]}\n\n" + Self.envelope(7, id: "v1.CC"))
            first.close()
            let second = try await server.accept()
            return (target.parameter("since"), try await second.request().parameter("since"))
        }
        #expect(try await HibikiEvents.take(3, from: &iterator) == ["gap public/b", "7", "reconnecting"])
        let next = Task { [iterator] in
            var iterator = iterator
            return try await iterator.next()
        }
        let (first, second) = try await playing.value
        #expect(first == "v1.AA")
        #expect(second == "v1.CC")
        next.cancel()
        _ = await next.result
    }

    @Test func `a planned restart is waited for as long as the server asks`() async throws {
        let server = try await LoopbackServer.start()
        let sleeps = Sleeps()
        var iterator = self.iterator(server, .serverSentEvents, since: .latest, sleeps)
        let playing = Task {
            for text in [
                "event: server:shutdown\ndata: {\"message\":\"soon\",\"reconnectDelay\":9000}\n\n", Self.envelope(1),
            ] {
                let peer = try await server.accept()
                _ = try await peer.request()
                try await peer.beginEventStream()
                try await peer.write(text)
                peer.close()
            }
        }
        #expect(try await HibikiEvents.take(2, from: &iterator) == ["reconnecting", "1"])
        #expect(sleeps.all == [.seconds(9)])
        try await playing.value
    }

    // MARK: Polls

    @Test func `a poll that a server answers before it stops is not followed by another too soon`() async throws {
        let server = try await LoopbackServer.start()
        let sleeps = Sleeps()
        var iterator = self.iterator(server, .longPolling, since: .latest, sleeps)
        let playing = Task {
            let peer = try await server.accept()
            _ = try await peer.request()
            try await peer.write("HTTP/1.1 204 No Content\r\nLast-Event-ID: 5d41c0a2-3\r\nRetry-After: 7\r\n\r\n")
            _ = try await peer.request()
            try await peer.write(
                "HTTP/1.1 503 Service Unavailable\r\nRetry-After: 9\r\nContent-Length: 0\r\nConnection: close\r\n\r\n")
            peer.close()
        }
        #expect(try await HibikiEvents.take(1, from: &iterator) == ["connected -"])
        guard case .reconnecting(let delay, _) = try await iterator.next() else {
            Issue.record("a refusal is no end")
            return
        }
        #expect(sleeps.all == [.seconds(7)])
        #expect(delay >= .seconds(9))
        try await playing.value
    }

    @Test func `long polls follow each other without a pause, over one connection`() async throws {
        let server = try await LoopbackServer.start()
        let sleeps = Sleeps()
        var iterator = self.iterator(server, .longPolling, since: .latest, sleeps)
        let playing = Task {
            let peer = try await server.accept()
            var asked: [String] = []
            let two = "\(EventFields.test(7).json()),\(EventFields.test(8).json())"
            let bodies = [
                #"{"events":[],"lastEventId":"5d41c0a2-6"}"#,
                #"{"events":[\#(two)],"lastEventId":"5d41c0a2-8"}"#,
                #"{"events":[],"lastEventId":"5d41c0a2-9","gap":true}"#,
            ]
            for body in bodies {
                let request = try await peer.request()
                asked.append("\(request.parameter("since") ?? "") \(request.parameter("wait") ?? "-")")
                try await peer.answer(body: body)
            }
            return asked
        }
        #expect(try await HibikiEvents.take(4, from: &iterator) == ["connected -", "7", "8", "gap public/a"])
        #expect(try await playing.value == ["latest -", "5d41c0a2-6 25", "5d41c0a2-8 25"])
        #expect(sleeps.all.isEmpty)
    }

    @Test func `short polls pause in between, and go on after a server that was away`() async throws {
        let server = try await LoopbackServer.start()
        let sleeps = Sleeps()
        var iterator = self.iterator(server, .shortPolling, since: .earliest, sleeps)
        let playing = Task {
            let first = try await server.accept()
            #expect(try await first.request().parameter("since") == "earliest")
            try await first.answer(body: #"{"events":[\#(EventFields.test(1).json())],"lastEventId":"5d41c0a2-1"}"#)
            _ = try await first.request()
            try await first.answer("503 Service Unavailable", ["Connection: close"])
            first.close()
            let second = try await server.accept()
            #expect(try await second.request().parameter("since") == "5d41c0a2-1")
            let again = [EventFields.test(1), .test(2)].map { $0.json() }.joined(separator: ",")
            try await second.answer(body: #"{"events":[\#(again)],"lastEventId":"5d41c0a2-2"}"#)
        }
        #expect(
            try await HibikiEvents.take(5, from: &iterator) == ["connected -", "1", "reconnecting", "connected -", "2"])
        #expect(sleeps.all == [.seconds(5), .milliseconds(500)])
        try await playing.value
    }

    // MARK: From one transport to another

    @Test func `the position of an event over one transport is where the next begins`() async throws {
        let server = try await LoopbackServer.start()
        var overSocket = self.iterator(server, .webSocket)
        let socket = Task {
            let peer = try await self.welcome(server)
            _ = try await peer.text()
            try await peer.send(EventFields.test(41).json(type: true))
            return peer
        }
        guard case .event(let event)? = try await overSocket.next() else { throw PeerGone() }
        _ = try await socket.value
        for transport in [Transport.serverSentEvents, .longPolling, .shortPolling] {
            var next = self.iterator(server, transport, since: .positions([event.topic: try #require(event.position)]))
            let playing = Task {
                let peer = try await server.accept()
                #expect(try await peer.request().parameter("since") == "5d41c0a2-41")
                guard transport == .serverSentEvents else {
                    let events = "\(EventFields.test(41).json()),\(EventFields.test(42).json())"
                    return try await peer.answer(body: #"{"events":[\#(events)],"lastEventId":"5d41c0a2-42"}"#)
                }
                try await peer.beginEventStream()
                try await peer.write(Self.envelope(41) + Self.envelope(42))
            }
            var received = try await next.next()
            if case .connected? = received { received = try await next.next() }
            #expect(received == .event(.test(42)))
            try await playing.value
        }
    }

    @Test(arguments: Transport.allCases) func `cancelling ends the connection`(_ transport: Transport) async throws {
        let server = try await LoopbackServer.start()
        let listening = Task {
            var iterator = self.iterator(server, transport)
            while try await iterator.next() != nil {}
        }
        let peer = try await server.accept()
        _ = try await peer.request()
        listening.cancel()
        await #expect(throws: CancellationError.self) { try await listening.value }
        try await peer.ended()
    }

    @Test func `after the last try the reason is thrown`() async throws {
        let server = try await LoopbackServer.start()
        try await server.stop()
        let reconnection = Reconnection(maximumTries: 2, random: { 0 }, sleep: { _ in })
        let events = Hibiki.events(
            of: ["public/a"], via: .webSocket, at: server.url, HibikiEvents.Configuration(reconnection: reconnection)
        )
        var iterator = events.makeAsyncIterator()
        #expect(try await HibikiEvents.take(2, from: &iterator) == ["reconnecting", "reconnecting"])
        let error = try await clientError { _ = try await iterator.next() }
        #expect(error?.code == .cannotConnect)
    }
}
