// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: Hibiki contributors

import Testing

@testable import HibikiClient

@Suite(.timeLimit(.minutes(1))) struct `A connection over TLS` {
    private func secure(_ server: LoopbackServer) throws -> HibikiURL {
        try HibikiURL("https://127.0.0.1:\(server.url.port)")
    }

    @Test func `to nobody is told as such`() async throws {
        let server = try await LoopbackServer.start()
        let url = try self.secure(server)
        try await server.stop()
        let error = try await clientError { _ = try await PollClient(at: url).poll(["public/a"]) }
        #expect(error?.code == .cannotConnect)
        #expect(error?.mayRetry == true)
    }

    @Test func `that ends in the handshake may be tried again`() async throws {
        let server = try await LoopbackServer.start()
        let url = try self.secure(server)
        async let error = clientError { _ = try await PollClient(at: url).poll(["public/a"]) }
        try await server.accept().close()
        #expect(try await error?.code == .connectionLost)
        #expect(try await error?.mayRetry == true)
    }

    @Test func `with a server that speaks something else is not tried again`() async throws {
        let server = try await LoopbackServer.start()
        let url = try self.secure(server)
        async let error = clientError { _ = try await PollClient(at: url).poll(["public/a"]) }
        try await server.accept().write("HTTP/1.1 400 Bad Request\r\n\r\n")
        #expect(try await error?.code == .untrusted)
        #expect(try await error?.mayRetry == false)
    }
}
