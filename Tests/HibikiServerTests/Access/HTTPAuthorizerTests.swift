// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: Hibiki contributors

import HibikiMessaging
import Logging
import NIOCore
import Synchronization
import Testing

@testable import HibikiServer

@Suite(.timeLimit(.minutes(1))) struct `A service that is asked` {
    private static let now = Timestamp(milliseconds: 1_000_000)

    private static func authorizer(
        _ service: Service, _ change: (inout HTTPAuthorizer.Configuration) -> Void = { _ in }
    ) -> HTTPAuthorizer {
        var configuration = HTTPAuthorizer.Configuration()
        change(&configuration)
        return HTTPAuthorizer(configuration, logger: Logger(label: "test") { _ in SwiftLogNoOpLogHandler() }) {
            try await service.answer(String(buffer: $0))
        }
    }

    private static func question(_ topic: String, _ principal: Principal = .anonymous) throws -> AuthorizationQuestion {
        AuthorizationQuestion(.subscribe, try Topic(topic), by: principal)
    }

    @Test func `is told what, where and who`() throws {
        let alice = Principal(id: "al\"ice", roles: ["b", "a"])
        #expect(
            String(buffer: try Self.question("t/1", alice).json)
                == #"{"action":"subscribe","topic":"t/1","principal":{"id":"al\"ice","roles":["a","b"]}}"#)
        #expect(
            String(buffer: AuthorizationQuestion(.connect, by: .anonymous).json)
                == #"{"action":"connect","principal":null}"#)
    }

    @Test(arguments: [
        (#"{"allow":true}"#, AuthorizationAnswer.allowed), (#"{"allow":false}"#, .denied),
        (#"{"allow":true,"ttl":5,"why":"x"}"#, .allowed), (#"{"allow":"true"}"#, .unavailable),
        (#"{"allow":1}"#, .unavailable), (#"{}"#, .unavailable), ("", .unavailable), ("true", .unavailable),
        (#"{"allow":true,"allow":true}"#, .unavailable), (#"{"allow":true"#, .unavailable),
        (#"{"allow":true,"ttl":-1}"#, .unavailable), (#"{"allow":true,"ttl":"5"}"#, .unavailable),
        (#"[{"allow":true}]"#, .unavailable),
    ]) func `says yes only with true, and what nobody understands is no`(
        _ text: String, _ answer: AuthorizationAnswer
    )
        async throws
    {
        let authorizer = Self.authorizer(Service(text))
        #expect(await authorizer.ask(try Self.question("t"), at: Self.now) == answer)
    }

    @Test func `is not asked again while its answer holds`() async throws {
        let service = Service(#"{"allow":true,"ttl":60}"#)
        let authorizer = Self.authorizer(service)
        let question = try Self.question("t")
        #expect(authorizer.known(question, at: Self.now) == nil)
        _ = await authorizer.ask(question, at: Self.now)
        #expect(authorizer.known(question, at: Self.now.advanced(by: .seconds(59))) == true)
        #expect(authorizer.known(question, at: Self.now.advanced(by: .seconds(60))) == nil)
        #expect(authorizer.known(try Self.question("t", Principal(id: "alice")), at: Self.now) == nil)
        _ = await authorizer.ask(question, at: Self.now.advanced(by: .seconds(1)))
        #expect(service.count == 1)
    }

    @Test func `that fails is asked again, since that is no answer`() async throws {
        let service = Service(nil)
        let authorizer = Self.authorizer(service)
        for _ in 0..<2 { #expect(await authorizer.ask(try Self.question("t"), at: Self.now) == .unavailable) }
        #expect(service.count == 2)
    }

    @Test func `is asked the same thing once for all who wait for it`() async throws {
        let service = Service(#"{"allow":true}"#)
        let authorizer = Self.authorizer(service)
        let question = try Self.question("t")
        let allowed = await withTaskGroup(of: AuthorizationAnswer.self) { group in
            for _ in 0..<500 { group.addTask { await authorizer.ask(question, at: Self.now) } }
            return await group.reduce(0) { $0 + ($1 == .allowed ? 1 : 0) }
        }
        #expect(allowed == 500)
        #expect(service.count == 1)
    }

    @Test func `is asked only so much at the same time, and the rest gets no answer`() async throws {
        let service = Service(#"{"allow":true}"#)
        let authorizer = Self.authorizer(service) { $0.concurrency = 4 }
        let answers = try await withThrowingTaskGroup(of: AuthorizationAnswer.self) { group in
            for number in 0..<1_000 {
                let question = try Self.question("t/\(number)")
                group.addTask { await authorizer.ask(question, at: Self.now) }
            }
            return try await group.reduce(into: [:]) { $0[$1, default: 0] += 1 }
        }
        #expect(service.most <= 4)
        #expect(answers[.allowed, default: 0] == service.count)
        #expect(answers[.allowed, default: 0] >= 64)
        #expect(answers[.denied] == nil)
    }

    @Test func `is remembered in a bounded way`() throws {
        let answers = KeptAnswers(limit: 10)
        for number in 0..<1_000 {
            answers.keep(
                true, to: try Self.question("t/\(number)"), until: Self.now.advanced(by: .seconds(9)), at: Self.now)
        }
        let kept = try (0..<1_000).count { answers.answer(to: try Self.question("t/\($0)"), at: Self.now) != nil }
        #expect((1...10).contains(kept))
    }
}

/// Answers one text to everything, or fails, and counts.
private final class Service: Sendable {
    private let text: String?
    private let counts = Mutex((now: 0, most: 0, all: 0))

    init(_ text: String?) {
        self.text = text
    }

    var count: Int { self.counts.withLock { $0.all } }
    var most: Int { self.counts.withLock { $0.most } }

    func answer(_ question: String) async throws -> ByteBuffer {
        self.counts.withLock { counts in
            counts.now += 1
            counts.all += 1
            counts.most = max(counts.most, counts.now)
        }
        for _ in 0..<20 { await Task.yield() }
        self.counts.withLock { $0.now -= 1 }
        guard let text = self.text else { throw Silent() }
        return ByteBuffer(string: text)
    }

    struct Silent: Error {}
}
