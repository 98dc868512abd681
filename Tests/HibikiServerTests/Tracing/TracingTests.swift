// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: Hibiki contributors

import HibikiMessaging
import HibikiServer
import InMemoryTracing
import Logging
import NIOCore
import Testing
import Tracing

/// Answers every question alike.
private struct FixedAuthorizer: Authorizer {
    let answer: AuthorizationAnswer

    func known(_ question: AuthorizationQuestion, at now: Timestamp) -> Bool? { nil }
    func ask(_ question: AuthorizationQuestion, at now: Timestamp) async -> AuthorizationAnswer { self.answer }
}

@Suite(.timeLimit(.minutes(1))) struct `What is traced` {
    private func spans(
        _ configuration: ServerConfiguration = .test(), _ body: @Sendable (RunningServer) async throws -> Void
    ) async throws -> [FinishedInMemorySpan] {
        let tracer = InMemoryTracer()
        try await RunningServer.with(configuration, tracer: tracer, body)
        return tracer.finishedSpans
    }

    private func texts(_ attributes: SpanAttributes) -> [String: String] {
        var texts: [String: String] = [:]
        func add(_ name: String, _ value: SpanAttribute) {
            switch value {
            case .string(let text): texts[name] = text
            case .int64(let number): texts[name] = "\(number)"
            default: texts[name] = "\(value)"
            }
        }
        attributes.forEach(add)
        return texts
    }

    @Test func `a publication is below its request`() async throws {
        let spans = try await self.spans { _ = try await $0.publish(#"{"topic":"public/a","payload":1}"#) }
        #expect(spans.map(\.operationName) == ["publish", "POST /v1/events"])
        let publication = try #require(spans.first)
        let request = try #require(spans.last)
        #expect(publication.parentSpanID == request.spanID)
        #expect(publication.traceID == request.traceID)
        #expect(publication.kind == .producer)
        #expect(request.kind == .server)
        let told = self.texts(publication.attributes)
        #expect(told["messaging.destination.name"] == "public/a")
        #expect(told["messaging.message.body.size"] == "1")
        #expect(told["messaging.message.id"]?.hasSuffix("-1") == true)
        let seen = self.texts(request.attributes)
        #expect(seen["http.route"] == "/v1/events")
        #expect(seen["http.response.status_code"] == "200")
        #expect(seen["http.request.method"] == "POST")
        #expect(seen["url.path"] == "/v1/events")
        #expect(seen["client.address"] == "127.0.0.1")
    }

    @Test func `queries, and paths that no route has, are not told`() async throws {
        let spans = try await self.spans { server in
            _ = try await server.get("/livez?access_token=secret")
            _ = try await server.get("/secret/way")
        }
        #expect(spans.map(\.operationName) == ["GET /livez", "GET"])
        let told = spans.flatMap { self.texts($0.attributes).values }
        #expect(told.allSatisfy { !$0.contains("secret") })
        #expect(spans.last.map { self.texts($0.attributes)["http.response.status_code"] } == "404")
    }

    @Test func `a method that nobody knows is no name of a span`() async throws {
        let spans = try await self.spans { _ = try await $0.request("BREW", "/livez") }
        #expect(spans.map(\.operationName) == ["HTTP"])
        #expect(spans.first.map { self.texts($0.attributes)["http.request.method"] } == "_OTHER")
    }

    @Test(arguments: [AuthorizationAnswer.allowed, .denied, .unavailable])
    func `a question to somebody else is below the request that needs it`(_ answer: AuthorizationAnswer) async throws {
        let configuration = ServerConfiguration.test { configuration in
            configuration.authorizer = FixedAuthorizer(answer: answer)
            configuration.permissions = []
        }
        let spans = try await self.spans(configuration) {
            _ = try await $0.publish(#"{"topic":"private/a","payload":1}"#)
        }
        let request = try #require(spans.last)
        let question = try #require(spans.first)
        #expect(question.operationName == "authorize connect")
        #expect(question.parentSpanID == request.spanID)
        #expect(self.texts(question.attributes)["hibiki.authorization.answer"] == "\(answer)")
        #expect((question.status?.code == .error) == (answer == .unavailable))
        #expect(spans.contains { $0.operationName == "publish" } == (answer == .allowed))
    }

    @Test func `a refused publication has its code`() async throws {
        let configuration = ServerConfiguration.test { $0.retention.topics = 1 }
        let spans = try await self.spans(configuration) { server in
            _ = try await server.publish(#"{"topic":"public/a","payload":1}"#)
            _ = try await server.publish(#"{"topic":"public/b","payload":1}"#)
        }
        let refused = try #require(spans.first { $0.status?.code == .error && $0.operationName == "publish" })
        #expect(self.texts(refused.attributes)["error.type"] == "overloaded")
    }

    @Test func `nothing is, without a tracer`() async throws {
        try await RunningServer.with { server in
            let answer = try await server.publish(#"{"topic":"public/a","payload":1}"#)
            #expect(answer.status == 200)
        }
    }
}
