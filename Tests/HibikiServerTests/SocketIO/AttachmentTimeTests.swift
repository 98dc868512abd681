// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: Hibiki contributors

import HibikiClient
import HibikiSocketIO
import HibikiSocketIOCodec
import NIOCore
import Synchronization
import Testing

/// Why a socket has gone.
private struct Ending: Equatable, Sendable {
    var reason: DisconnectReason
    var violation: SocketViolation.Kind?
}

private final class Violation: Sendable {
    private let state = Mutex<SocketViolation.Kind?>(nil)

    var kind: SocketViolation.Kind? { self.state.withLock { $0 } }

    func note(_ error: any Error) {
        self.state.withLock { $0 = (error as? SocketViolation)?.kind }
    }
}

/// Nobody else ends these connections: the pings of the engine are an hour apart.
@Suite(.timeLimit(.minutes(1))) struct `The attachments of a packet` {
    private static let upload = #"51-/files,7["upload",{"_placeholder":true,"num":0}]"#

    /// A server that waits for attachments this long, and how its sockets end.
    private static func server(waiting time: TimeAmount) -> (io: SocketIOServer, endings: AsyncStream<Ending>) {
        var configuration = SocketIOServer.Configuration()
        configuration.packets.completionTime = time
        configuration.engine.pingInterval = .hours(1)
        let io = SocketIOServer(configuration: configuration)
        let (endings, ended) = AsyncStream.makeStream(of: Ending.self)
        io.of("/files").onConnection { socket in
            let violation = Violation()
            socket.on("upload") { (bytes: ByteBuffer) in bytes.readableBytes }
            socket.onError { violation.note($0) }
            socket.onDisconnect { reason, _ in ended.yield(Ending(reason: reason, violation: violation.kind)) }
        }
        return (io, endings)
    }

    @Test func `that do not come in time end a connection over WebSocket, and no other`() async throws {
        let (io, endings) = Self.server(waiting: .milliseconds(100))
        try await RunningServer.with(socketIO: io) { server in
            let neighbour = try await SocketTalker(server, "/files")
            let late = try await SocketTalker(server, "/files")
            let started = ContinuousClock.now
            try await late.send("4" + Self.upload)
            var endings = endings.makeAsyncIterator()
            #expect(await endings.next() == Ending(reason: .forcedClose, violation: .late))
            #expect(ContinuousClock.now - started >= .milliseconds(100))
            _ = try await late.socket.closure
            try await neighbour.send(#"42/files,8["upload",0]"#)
            try await neighbour.expect("43/files,8")
        }
    }

    @Test func `that come in time make a whole event, and the next packet has its own time`() async throws {
        let (io, _) = Self.server(waiting: .seconds(30))
        try await RunningServer.with(socketIO: io) { server in
            let client = try await SocketTalker(server, "/files")
            for size in [0, 1, 70_000] {
                try await client.send("4" + Self.upload)
                try await client.socket.send(binary: ByteBuffer(repeating: 1, count: size))
                try await client.expect("43/files,7[\(size)]")
            }
        }
    }
}
