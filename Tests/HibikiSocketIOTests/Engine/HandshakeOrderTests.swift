// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: Hibiki contributors

import Testing

@testable import HibikiSocketIO

@Suite(.timeLimit(.minutes(1))) struct HandshakeOrderTests {
    @Test func `somebody listens in a session before its client hears of it`() async throws {
        let order = Notes<String>()
        var configuration = EngineConfiguration()
        configuration.hooks.headers = { _, _ in order.add("response") }
        let engine = EngineServer(path: "/socket.io/", configuration: configuration) { _ in
            order.add("application")
            return Silence()
        }
        try await MountedServer.with(engine) { server in
            _ = try await PollingClient(server)
        }
        #expect(order.all == ["application", "response"])
    }
}
