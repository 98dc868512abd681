// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: Hibiki contributors

import HibikiClient
import Synchronization
import Testing

@testable import HibikiSocketIO

@Suite(.timeLimit(.minutes(1))) struct StoppedServerTests {
    private struct Watched<Object: AnyObject & Sendable>: Sendable {
        weak let object: Object?
    }

    /// Serves a client whose handlers hold the server, and stops while it waits for the answer to a poll.
    private func serveAndStop() async throws -> Watched<SocketIOServer> {
        let io = SocketIOServer()
        let socket = Mutex(Watched<Socket>(object: nil))
        io.onConnection { new in
            socket.withLock { $0 = Watched(object: new) }
            new.on("everyone") { io.emit("message") }
        }
        var poll: Task<String, any Error>?
        try await MountedServer.with(io) { server in
            let client = try await PollingClient(server)
            try await client.join()
            try await client.post(#"42["everyone"]"#)
            #expect(try await client.poll() == #"42["message"]"#)
            poll = Task { try await client.poll() }
            try await self.until { socket.withLock { $0.object?.client.connection.isSilent == false } }
        }
        #expect(try await poll?.value == "1")
        return Watched(object: io)
    }

    private func until(_ condition: () -> Bool) async throws {
        while !condition() { try await Task.sleep(for: .milliseconds(5)) }
    }

    @Test func `a server that was stopped and that nobody holds is freed`() async throws {
        let io = try await self.serveAndStop()
        try await self.until { io.object == nil }
    }

    @Test func `a server that was stopped before it is mounted ends its sessions as they begin, and is freed too`()
        async throws
    {
        var io: SocketIOServer? = SocketIOServer()
        let watched = Watched(object: io)
        await io?.close()
        if let io {
            try await MountedServer.with(io) { server in
                let client = try await PollingClient(server)
                await #expect(throws: HibikiClientError.self) { try await client.poll() }
            }
        }
        io = nil
        try await self.until { watched.object == nil }
    }
}
