// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: Hibiki contributors

import HibikiWebSocketCodec
import NIOCore
import NIOPosix
import Testing

@testable import HibikiSocketIO

/// WebSockets that want to take a session over, one after the other.
@Suite(.timeLimit(.minutes(1))) struct CandidateTests {
    /// Has one WebSocket dropped and another one begin, calls `late` with the first, and lets the second go on.
    ///
    /// - Returns: the transport of the session afterwards.
    private func transport(afterDropped late: @escaping @Sendable (EngineSocket) -> Void) async throws -> String {
        let ids = Notes<String>()
        let engine = EngineServer(path: "/socket.io/", configuration: EngineConfiguration()) { connection in
            ids.add(connection.id)
            return Silence()
        }
        let transports = Notes<String>()
        try await MountedServer.with(engine) { server in
            _ = try await PollingClient(server)
            let session = try #require(ids.all.first.flatMap(engine.session))
            let loop = MultiThreadedEventLoopGroup.singleton.next()
            try await loop.submit {
                let sockets = (0..<2).map { _ in EngineSocket(session, loopNumber: 0, agreement: nil, begins: false) }
                #expect(session.upgradeRequested(by: NIOLoopBound(sockets[0], eventLoop: loop)))
                sockets[0].received(text: ByteBuffer(string: "no probe"))
                #expect(session.upgradeRequested(by: NIOLoopBound(sockets[1], eventLoop: loop)))
                late(sockets[0])
                sockets[1].received(text: ByteBuffer(string: "2probe"))
                sockets[1].received(text: ByteBuffer(string: "5"))
                transports.add(session.transportName)
                session.close(discarding: true)
            }.get()
        }
        return try #require(transports.all.first)
    }

    @Test func `one that was dropped takes nothing from the next when its connection ends`() async throws {
        #expect(try await self.transport { $0.closed(.abnormalClosure) } == "websocket")
    }

    @Test func `nor with what it still says`() async throws {
        #expect(try await self.transport { $0.received(text: ByteBuffer(string: "no probe")) } == "websocket")
    }
}
