// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: Hibiki contributors

import NIOCore
import Synchronization
import Testing

@testable import HibikiTransports

@Suite(.timeLimit(.minutes(1))) struct `A library on the front door` {
    /// A request that waits for its answer.
    private final class Held: Sendable {
        let exchange = Mutex<NIOLoopBound<HTTPExchange>?>(nil)

        var isThere: Bool { self.exchange.withLock { $0 != nil } }
    }

    @Test func `may answer another connection in the middle of its turn, and nobody gets the bytes of the other`()
        async throws
    {
        let held = Held()
        let hold = HotRoute(path: "/hold") { _, exchange, connection in
            let bound = NIOLoopBound(exchange, eventLoop: connection.loop.eventLoop)
            held.exchange.withLock { $0 = bound }
        }
        let tell = HotRoute(path: "/tell") { _, exchange, connection in
            connection.write { $0.writeString("HTTP/1.1 100 Continue\r\n\r\n") }
            held.exchange.withLock { $0 }?.value.respond(
                status: 200, fields: [], body: ByteBuffer(string: "for the one that waits"))
            exchange.respond(status: 200, fields: [], body: ByteBuffer(string: "for the one that tells"))
        }
        try await RealServer.with(mounts: [Mount([hold, tell])], threads: 1) { server in
            let waiting = try await server.connect()
            try await waiting.send("GET /hold HTTP/1.1\r\nHost: a\r\n\r\n")
            try await until { held.isThere }
            let telling = try await server.connect()
            try await telling.send("GET /tell HTTP/1.1\r\nHost: a\r\n\r\n")
            let told = try await telling.text(through: "tells")
            let heard = try await waiting.text(through: "waits")
            #expect(heard.hasPrefix("HTTP/1.1 200 OK\r\n"))
            #expect(heard.hasSuffix("\r\n\r\nfor the one that waits"))
            #expect(told.hasPrefix("HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 200 OK\r\n"))
        }
    }

    @Test func `gets bodies up to the limit that it sets, and hears of those that are longer or never come`()
        async throws
    {
        let taker = Taker()
        let route = HotRoute(path: "/take/", isPrefix: true, takesBody: true) { _, exchange, _ in
            exchange.receiveBody(limit: 8, TakenBody(taker, exchange))
        }
        try await RealServer.with(mounts: [Mount([route])], threads: 1) { server in
            let client = try await server.connect()
            try await client.send("POST /take/a HTTP/1.1\r\nHost: a\r\nContent-Length: 8\r\n\r\n12345678")
            #expect(try await client.text(through: "12345678").hasPrefix("HTTP/1.1 200 OK\r\n"))
            try await client.send("POST /take/a HTTP/1.1\r\nHost: a\r\nContent-Length: 9\r\n\r\n")
            #expect(String(buffer: try await client.rest()).hasPrefix("HTTP/1.1 413 "))
            let other = try await server.connect()
            try await other.send("POST /take/a HTTP/1.1\r\nHost: a\r\nContent-Length: 8\r\n\r\n1")
            try await other.close()
            try await until { taker.failures.withLock { $0 } == [.tooLong, .broken] }
        }
    }
}

private final class Taker: Sendable {
    let failures = Mutex<[BodyFailure]>([])
}

private final class TakenBody: BodyReceiver {
    private let taker: Taker
    private let exchange: HTTPExchange

    init(_ taker: Taker, _ exchange: HTTPExchange) {
        self.taker = taker
        self.exchange = exchange
    }

    func received(body: ByteBuffer) {
        self.exchange.respond(status: 200, fields: [], body: body)
    }

    func bodyFailed(_ failure: BodyFailure) {
        self.taker.failures.withLock { $0.append(failure) }
    }
}
