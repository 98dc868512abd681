// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: Hibiki contributors

import HibikiWire
import NIOCore
import Testing

@testable import HibikiClient

@Suite(.timeLimit(.minutes(1)))
struct PublisherTests {
    @Test func `a publication is one JSON object, and its position comes back`() async throws {
        let server = try await LoopbackServer.start()
        let publisher = Publisher(at: server.url)
        async let answer = publisher.publish(ByteBuffer(string: #"{"a":1}"#), to: "public/\"a\"", event: "e", id: "k")
        let peer = try await server.accept()
        let request = try await peer.request()
        #expect(request.line == "POST /v1/events HTTP/1.1")
        #expect(request.headers["content-type"] == "application/json")
        #expect(request.body == #"{"topic":"public/\"a\"","event":"e","payload":{"a":1},"id":"k"}"#)
        try await peer.answer(body: #"{"position":"5d41c0a2-1","duplicate":true}"#)
        #expect(try await answer == PublishAnswer(position: "5d41c0a2-1", duplicate: true))
    }

    @Test func `many are one array, and fewer answers than publications are an error`() async throws {
        let server = try await LoopbackServer.start()
        let requests = ["1", "2"].map { PublishRequest(topic: "public/a", payload: ByteBuffer(string: $0)) }
        async let error = clientError { _ = try await Publisher(at: server.url).publish(requests) }
        let peer = try await server.accept()
        let body = try await peer.request().body
        #expect(try PublishRequest.parse(ByteBuffer(string: body)) == .array(requests))
        try await peer.answer(body: #"[{"position":"5d41c0a2-1"}]"#)
        #expect(try await error?.code == .invalidAnswer)
    }

    @Test func `a refusal keeps the server's code and words`() async throws {
        let server = try await LoopbackServer.start()
        async let error = clientError {
            _ = try await Publisher(at: server.url).publish(ByteBuffer(string: "1"), to: "private")
        }
        let peer = try await server.accept()
        _ = try await peer.request()
        let body = #"{"error":{"code":"permission_denied","message":"not here","retry":false}}"#
        try await peer.answer("403 Forbidden", body: body)
        #expect(try await error?.serverCode == .permissionDenied)
        #expect(try await error?.message == "not here")
        #expect(try await error?.mayRetry == false)
    }
}
