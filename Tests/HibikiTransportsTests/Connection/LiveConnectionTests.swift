// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: Hibiki contributors

import HibikiMessaging
import HibikiWebSocketCodec
import HibikiWire
import NIOCore
import Testing

@testable import HibikiTransports

@Suite(.timeLimit(.minutes(1)), .everyEncoding) struct `Connections over a network` {
    @Test func `a peer that lets nothing be heard after a ping is closed with 4001`() async throws {
        var configuration = TransportConfiguration()
        configuration.webSocket.pingInterval = .milliseconds(100)
        configuration.webSocket.pongTimeout = .milliseconds(100)
        try await RealServer.with(configuration) { server in
            let socket = try await RealSocket(server)
            _ = try await socket.message("welcome")
            #expect(try await socket.event() == .ping(ByteBuffer()))
            #expect(try await socket.closeCode() == 4001)
        }
    }

    @Test func `a peer that answers pings stays`() async throws {
        var configuration = TransportConfiguration()
        configuration.webSocket.pingInterval = .milliseconds(100)
        configuration.webSocket.pongTimeout = .seconds(2)
        try await RealServer.with(configuration) { server in
            let socket = try await RealSocket(server)
            _ = try await socket.message("welcome")
            for _ in 0..<2 {
                #expect(try await socket.event() == .ping(ByteBuffer()))
                var pong = ByteBuffer()
                pong.writeWebSocketFrame(.pong, payload: ByteBuffer(), mask: 1)
                try await socket.client.send(pong)
            }
        }
    }

    @Test func `members on several loops get every event once and in order`() async throws {
        try await RealServer.with(threads: 3) { server in
            var sockets: [RealSocket] = []
            for _ in 0..<6 {
                let socket = try await RealSocket(server)
                try await socket.send(#"{"type":"subscribe","topic":"public/a","id":1}"#)
                _ = try await socket.message("reply")
                sockets.append(socket)
            }
            for number in 1...200 { try await server.publish("\(number)") }
            for socket in sockets {
                var payloads: [String?] = []
                for _ in 1...200 { payloads.append(try await socket.message("event").member("payload")) }
                #expect(payloads == (1...200).map { "\($0)" })
            }
        }
    }

    @Test func `presence and direct are answered from whatever loop`() async throws {
        try await RealServer.with(threads: 3) { server in
            var sockets: [(socket: RealSocket, id: String)] = []
            for _ in 0..<4 {
                let socket = try await RealSocket(server)
                let id = try #require(try await socket.message("welcome").member("clientId"))
                try await socket.send(#"{"type":"subscribe","topic":"public/a","id":1}"#)
                _ = try await socket.message("reply")
                sockets.append((socket, id))
            }
            for (socket, _) in sockets {
                try await socket.send(#"{"type":"presence","topic":"public/a","id":2}"#)
                #expect(try await socket.message("presence").member("count") == "4")
                for (_, id) in sockets {
                    try await socket.send(#"{"type":"direct","targetId":"\#(id)","payload":1,"id":3}"#)
                    #expect(try await socket.message("reply").member("delivered") == "true")
                }
            }
        }
    }

    @Test func `a reader that does not read is closed with 4000, and the others get everything`() async throws {
        var configuration = TransportConfiguration()
        configuration.outboundQueue = 64 << 10
        try await RealServer.with(configuration) { server in
            let slow = try await RealSocket(server, receiveBuffer: 4_096)
            let quick = try await RealSocket(server)
            for socket in [slow, quick] {
                try await socket.send(#"{"type":"subscribe","topic":"public/a","id":1}"#)
                _ = try await socket.message("reply")
            }
            try await slow.client.pauseReading()
            let payload = "\"" + String(repeating: "x", count: 60_000) + "\""
            var published = 0
            while try await self.count(server) == 2 {
                try await server.publish(payload)
                published += 1
                _ = try await quick.message("event")
                try #require(published < 2_000)
            }
            try await slow.client.resumeReading()
            #expect(try await slow.closeCode() == 4000)
            try await server.publish("1")
            #expect(try await quick.message("event").member("payload") == "1")
        }
    }

    private func count(_ server: RealServer) async throws -> Int {
        let topic = try Topic("public/a")
        return await withCheckedContinuation { continuation in
            server.hub.presence(of: topic, limit: 0) { continuation.resume(returning: $0.count) }
        }
    }

    @Test func `a long poll ends with 204 and where to go on`() async throws {
        try await RealServer.with { server in
            try await server.publish("1")
            let client = try await server.connect()
            try await client.send("GET /v1/events?topic=public/a&wait=0.1 HTTP/1.1\r\nHost: a\r\n\r\n")
            let answer = try #require(HTTPText.responses(in: try await client.text(through: "\r\n\r\n")).first)
            #expect(answer.status == 204)
            #expect(answer["Last-Event-ID"] == "00000007-1")
            try await server.publish("2")
            try await client.send("GET /v1/events?topic=public/a&wait=60&since=00000007-1 HTTP/1.1\r\nHost: a\r\n\r\n")
            #expect(try await client.text(through: "}").contains(#""payload":2"#))
        }
    }

    @Test func `an event stream has a comment for every heartbeat`() async throws {
        var configuration = TransportConfiguration()
        configuration.events.heartbeat = .milliseconds(100)
        try await RealServer.with(configuration) { server in
            let client = try await server.connect()
            try await client.send(
                "GET /v1/events?topic=public/a HTTP/1.1\r\nHost: a\r\nAccept: text/event-stream\r\n\r\n")
            for _ in 0..<2 { _ = try await client.text(through: "\r\n:\n\n\r\n") }
        }
    }

    @Test func `an event stream whose reader takes nothing for a heartbeat is cut`() async throws {
        var configuration = TransportConfiguration()
        configuration.events.heartbeat = .milliseconds(100)
        try await RealServer.with(configuration) { server in
            let client = try await self.stalledStream(server)
            try await until { server.door.connectionCount == 0 }
            try await client.close()
        }
    }

    @Test func `an event stream whose reader is slow, but reads, gets everything`() async throws {
        var configuration = TransportConfiguration()
        configuration.events.heartbeat = .seconds(2)
        try await RealServer.with(configuration) { server in
            let client = try await self.stalledStream(server)
            try await client.resumeReading()
            _ = try await client.text(through: "id: 00000007-100\n")
            #expect(server.door.connectionCount == 1)
        }
    }

    /// An event stream that has begun a replay of 6 MB and whose reader has stopped.
    private func stalledStream(_ server: RealServer) async throws -> RawClient {
        let payload = "\"" + String(repeating: "x", count: 60_000) + "\""
        for _ in 1...100 { try await server.publish(payload) }
        let client = try await server.connect(receiveBuffer: 4_096)
        try await client.pauseReading()
        try await client.send(
            "GET /v1/events?topic=public/a&since=earliest HTTP/1.1\r\nHost: a\r\nAccept: text/event-stream\r\n\r\n")
        return client
    }

    @Test func `a client that closes its side gets the answers to all that it asked`() async throws {
        try await RealServer.with { server in
            let payload = "\"" + String(repeating: "x", count: 60_000) + "\""
            for _ in 1...10 { try await server.publish(payload) }
            let client = try await server.connect(receiveBuffer: 4_096)
            let request = "GET /v1/events?topic=public/a HTTP/1.1\r\nHost: a\r\n\r\n"
            try await client.send(String(repeating: request, count: 8))
            try await client.closeOutput()
            let answers = HTTPText.responses(in: String(buffer: try await client.rest()))
            #expect(answers.count == 8)
            #expect(answers.allSatisfy { $0.status == 200 && $0.body.utf8.count > 600_000 })
        }
    }

    @Test func `a response that ends its connection arrives whole at a slow reader`() async throws {
        try await RealServer.with { server in
            let payload = "\"" + String(repeating: "x", count: 60_000) + "\""
            for _ in 1...15 { try await server.publish(payload) }
            let client = try await server.connect(receiveBuffer: 4_096)
            try await client.pauseReading()
            try await client.send("GET /v1/events?topic=public/a HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n")
            try await client.resumeReading()
            let answer = try #require(HTTPText.responses(in: String(buffer: try await client.rest())).first)
            #expect(answer.body.utf8.count > 900_000)
        }
    }

    @Test func `a poll whose client is gone leaves nothing behind`() async throws {
        try await RealServer.with { server in
            let client = try await server.connect()
            try await client.send("GET /v1/events?topic=public/a&wait=60 HTTP/1.1\r\nHost: a\r\n\r\n")
            try await until { server.hub.topicsWithMembers == 1 }
            try await client.close()
            try await until { server.hub.topicsWithMembers == 0 && server.door.connectionCount == 0 }
        }
    }

    @Test func `questions that are answered later do not pile up their answers`() async throws {
        var configuration = TransportConfiguration()
        configuration.outboundQueue = 64 << 10
        try await RealServer.with(configuration) { server in
            let socket = try await RealSocket(server)
            let question = #"{"type":"presence","topic":"public/a","id":1}"#
            var frames = ByteBuffer()
            for _ in 0..<500 { frames.writeImmutableBuffer(EmbeddedSocket.frame(question)) }
            try await socket.client.send(frames)
            for _ in 0..<500 { _ = try await socket.message("presence") }
        }
    }

    @Test func `a shutdown tells every transport and lets it go`() async throws {
        try await RealServer.with { server in
            let socket = try await RealSocket(server)
            let (stream, poll, idle) = (
                try await server.connect(), try await server.connect(), try await server.connect()
            )
            try await stream.send(
                "GET /v1/events?topic=public/a HTTP/1.1\r\nHost: a\r\nAccept: text/event-stream\r\n\r\n")
            _ = try await stream.text(through: "connected")
            try await poll.send("GET /v1/events?topic=public/a&wait=60 HTTP/1.1\r\nHost: a\r\n\r\n")
            try await idle.send("GET / HTTP/1.1\r\nHost: a\r\n\r\n")
            _ = try await idle.text(through: "GET / ")
            try await until { server.hub.topicsWithMembers == 1 && server.door.connectionCount == 4 }
            try await until { try await self.count(server) == 2 }
            async let shutdown: Void = server.door.shutDown(within: .seconds(30), reconnectDelay: .seconds(3))
            #expect(
                try await socket.message("server:shutdown").member("reconnectDelay").flatMap { Int($0) } ?? 0 >= 3_000)
            #expect(try await socket.closeCode() == 1012)
            var close = ByteBuffer()
            close.writeWebSocketClose(code: .serviceRestart, mask: 1)
            try? await socket.client.send(close)
            let rest = String(buffer: try await stream.rest())
            #expect(rest.contains("event: server:shutdown\n"))
            #expect(rest.hasSuffix("0\r\n\r\n"))
            let answer = String(buffer: try await poll.rest())
            #expect(answer.hasPrefix("HTTP/1.1 204 "))
            #expect(answer.contains("\r\nRetry-After: "))
            #expect(try await idle.rest().readableBytes == 0)
            await shutdown
            #expect(server.door.connectionCount == 0)
            await #expect(throws: (any Error).self) { _ = try await server.connect() }
        }
    }
}
