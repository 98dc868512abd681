// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: Hibiki contributors

import HibikiMessaging
import HibikiMetrics
import HibikiWebSocketCodec
import NIOCore
import Testing

@testable import HibikiTransports

@Suite struct `The counts of an event loop` {
    @Test func `follow a connection from its request to its end`() throws {
        let server = try EmbeddedServer()
        let socket = try EmbeddedSocket(server)
        #expect(server.loop.counters.open.byKind == [.http: 0, .webSocket: 1, .eventStream: 0, .http2: 0, .closing: 0])
        #expect(
            server.loop.counters.opened.byKind == [.http: 1, .webSocket: 1, .eventStream: 0, .http2: 0, .closing: 0])
        socket.peer.hangUp()
        #expect(server.loop.counters.open[.webSocket] == 0)
        #expect(server.loop.counters.closes == [1006: 1])
    }

    @Test func `know messages of both directions, and every one of a batch`() throws {
        let server = try EmbeddedServer()
        let socket = try EmbeddedSocket(server)
        let welcomed = server.loop.counters.sent.text
        try socket.send(#"{"type":"subscribe","topic":"public/a"}"#)
        try socket.send(.ping)
        let replied = server.loop.counters.sent.text
        try server.publish("1", "2", "3")
        #expect(welcomed == 1)
        #expect(server.loop.counters.received.text == 1)
        #expect(server.loop.counters.received.ping == 1)
        #expect(server.loop.counters.sent.pong == 1)
        #expect(server.loop.counters.sent.text == replied + 3)
    }

    @Test func `take one latency for each publication that somebody got`() throws {
        let server = try EmbeddedServer()
        try server.publish("0")
        #expect(server.loop.members.latency.count == 0)
        let first = try EmbeddedSocket(server)
        let second = try EmbeddedSocket(server)
        try first.send(#"{"type":"subscribe","topic":"public/a"}"#)
        try second.send(#"{"type":"subscribe","topic":"public/a"}"#)
        try server.publish("1", "2")
        #expect(server.loop.members.latency.count == 2)
        #expect(server.loop.members.latency.sum > 0)
    }

    @Test(arguments: [(SlowReaderPolicy.drop, 2, 0), (.latest, 0, 2), (.close, 0, 0)])
    func `say what a slow reader did not get`(_ policy: SlowReaderPolicy, dropped: Int, replaceable: Int) throws {
        var rules = SlowReaderRules()
        rules.set(policy, forPrefix: "public/")
        let server = try EmbeddedServer(slowReaders: rules)
        let socket = try EmbeddedSocket(server)
        try socket.send(#"{"type":"subscribe","topic":"public/a"}"#)
        socket.peer.setWritable(false)
        try server.publish("1", "2")
        #expect(server.loop.counters.drops.publications == dropped)
        #expect(server.loop.counters.drops.replaceable == replaceable)
        socket.peer.hangUp()
        #expect(server.loop.counters.closes == (policy == .close ? [4000: 1] : [1006: 1]))
    }

    @Test func `tell a reader that recovered from one that was told of a gap`() throws {
        let server = try EmbeddedServer()
        try server.publish("1")
        for since in ["00000007-1", "00000008-1", "latest"] {
            let socket = try EmbeddedSocket(server)
            try socket.send(#"{"type":"subscribe","topic":"public/a","since":"\#(since)"}"#)
        }
        #expect(server.loop.counters.recoveries == 1)
        #expect(server.loop.counters.gaps == 1)
    }

    @Test func `hold few codes, however many peers make up`() {
        var counters = TransportCounters()
        for code in 3_000..<4_000 {
            counters.close(WebSocketCloseCode(rawValue: UInt16(code)))
        }
        #expect(counters.closes.count == 65)
        #expect(counters.closes[0] == 936)
        #expect(counters.closes.values.reduce(0, +) == 1_000)
    }

    @Test func `are summed over the loops, with what waits in queues`() async throws {
        try await RealServer.with { server in
            let first = try await server.connect()
            let second = try await server.connect()
            try await until { await server.door.statistics().counters.open[.http] == 2 }
            let statistics = await server.door.statistics()
            #expect(statistics.queuedBytes == 0)
            #expect(statistics.counters.opened[.http] == 2)
            _ = (first, second)
        }
    }

    @Test func `say which limit kept a connection out`() async throws {
        var configuration = TransportConfiguration()
        configuration.connectionsPerAddress = 1
        try await RealServer.with(configuration) { server in
            let first = try await server.connect()
            try await until { server.door.connectionCount == 1 }
            let second = try await server.connect()
            try await until { await server.door.statistics().refusedByAddress == 1 }
            #expect(await server.door.statistics().refusedByTotal == 0)
            _ = (first, second)
        }
    }
}

extension TransportCounters.Connections {
    fileprivate var byKind: [ConnectionKind: Int] {
        Dictionary(uniqueKeysWithValues: ConnectionKind.allCases.map { ($0, self[$0]) })
    }
}
