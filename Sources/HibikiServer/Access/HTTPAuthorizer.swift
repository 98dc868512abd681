// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: Hibiki contributors

import AsyncHTTPClient
import DequeModule
public import HibikiMessaging
import HibikiTransports
import HibikiWire
public import Logging
import NIOCore
import NIOHTTP1
import Synchronization

/// Asks a service of the operator who may do what.
///
/// It gets `POST {"action":"subscribe","topic":"orders/7","principal":{"id":"alice","roles":["staff"]}}` and answers
/// `{"allow":true}`, perhaps with how many seconds that holds, `"ttl":60`. Whatever else it answers, or if it does not, is no.
public struct HTTPAuthorizer: Authorizer {
    public struct Configuration: Sendable {
        /// Default 3 s.
        public var timeout: Duration = .seconds(3)
        /// How long an answer holds that does not say so itself. Default 30 s.
        public var ttl: Duration = .seconds(30)
        /// Questions that are asked at the same time. 15 times as many wait, and further ones get no answer. Default 64.
        public var concurrency = 64
        /// Answers that are kept. Default 100,000.
        public var answers = 100_000

        public init() {}
    }

    /// What a service answers to the text of a question.
    typealias Post = @Sendable (ByteBuffer) async throws -> ByteBuffer

    private let answers: KeptAnswers
    private let line: QuestionLine

    public init(url: String, _ configuration: Configuration = Configuration(), logger: Logger) {
        let request = AuthorizationRequest(url: url, timeout: configuration.timeout)
        self.init(configuration, logger: logger) { try await request.post($0) }
    }

    init(_ configuration: Configuration, logger: Logger, post: @escaping Post) {
        self.answers = KeptAnswers(limit: configuration.answers)
        self.line = QuestionLine(configuration, self.answers, logger: logger, post: post)
    }

    public func known(_ question: AuthorizationQuestion, at now: Timestamp) -> Bool? {
        self.answers.answer(to: question, at: now)
    }

    public func ask(_ question: AuthorizationQuestion, at now: Timestamp) async -> AuthorizationAnswer {
        await self.line.ask(question, at: now)
    }
}

/// Sends one question.
private struct AuthorizationRequest {
    private static let bytes = 16 << 10

    let url: String
    let timeout: Duration

    func post(_ question: ByteBuffer) async throws -> ByteBuffer {
        var request = HTTPClientRequest(url: self.url)
        request.method = .POST
        request.headers.add(name: "Content-Type", value: "application/json")
        request.body = .bytes(question)
        let response = try await OutgoingHTTP.send(request, deadline: .now() + TimeAmount(self.timeout))
        guard response.status == .ok else { throw NoAnswer.status(Int(response.status.code)) }
        return try await response.body.collect(upTo: Self.bytes)
    }
}

private enum NoAnswer: Error {
    case status(Int)
}

/// What was answered, as long as it holds.
final class KeptAnswers: Sendable {
    private struct Kept {
        let isAllowed: Bool
        let until: Timestamp
    }

    private let kept = Mutex<[AuthorizationQuestion: Kept]>([:])
    private let limit: Int

    init(limit: Int) {
        self.limit = limit
    }

    func answer(to question: AuthorizationQuestion, at now: Timestamp) -> Bool? {
        self.kept.withLock { kept in
            guard let answer = kept[question], now < answer.until else { return nil }
            return answer.isAllowed
        }
    }

    func keep(_ isAllowed: Bool, to question: AuthorizationQuestion, until: Timestamp, at now: Timestamp) {
        self.kept.withLock { kept in
            if kept.count >= self.limit { kept = kept.filter { now < $0.value.until } }
            // Whoever can fill it with answers that hold makes the others be asked for again, and no more.
            if kept.count >= self.limit { kept = [:] }
            kept[question] = Kept(isAllowed: isAllowed, until: until)
        }
    }
}

/// Those who wait for an answer. The same question is asked once for all of them, and only so many at the same time.
private actor QuestionLine {
    private static let mostQuestionsPerPlace = 16

    private let configuration: HTTPAuthorizer.Configuration
    private let answers: KeptAnswers
    private let logger: Logger
    private let post: HTTPAuthorizer.Post
    private var underWay: [AuthorizationQuestion: Task<AuthorizationAnswer, Never>] = [:]
    private var places: Int
    private var waiting: Deque<CheckedContinuation<Void, Never>> = []

    init(
        _ configuration: HTTPAuthorizer.Configuration, _ answers: KeptAnswers, logger: Logger,
        post: @escaping HTTPAuthorizer.Post
    ) {
        self.configuration = configuration
        self.answers = answers
        self.logger = logger
        self.post = post
        self.places = max(1, configuration.concurrency)
    }

    func ask(_ question: AuthorizationQuestion, at now: Timestamp) async -> AuthorizationAnswer {
        if let known = self.answers.answer(to: question, at: now) { return known ? .allowed : .denied }
        if let task = self.underWay[question] { return await task.value }
        let most = self.configuration.concurrency * Self.mostQuestionsPerPlace
        guard self.underWay.count < most else { return .unavailable }
        let task = Task { await self.find(question, at: now) }
        self.underWay[question] = task
        return await task.value
    }

    private func find(_ question: AuthorizationQuestion, at now: Timestamp) async -> AuthorizationAnswer {
        await self.takePlace()
        let answer = await self.answer(to: question, at: now)
        self.leavePlace()
        self.underWay[question] = nil
        return answer
    }

    private func takePlace() async {
        guard self.places == 0 else {
            self.places -= 1
            return
        }
        await withCheckedContinuation { self.waiting.append($0) }
    }

    /// The place goes to the one who waits longest.
    private func leavePlace() {
        if let next = self.waiting.popFirst() {
            next.resume()
        } else {
            self.places += 1
        }
    }

    private func answer(to question: AuthorizationQuestion, at now: Timestamp) async -> AuthorizationAnswer {
        do {
            let answer = try AuthorizationVerdict(parsing: await self.post(question.json))
            let ttl = answer.ttl ?? self.configuration.ttl
            self.answers.keep(answer.isAllowed, to: question, until: now.advanced(by: ttl), at: now)
            return answer.isAllowed ? .allowed : .denied
        } catch {
            self.logger.warning(
                "who may do what cannot be asked",
                metadata: ["action": "\(question.verb.rawValue)", "error": "\(error)"])
            return .unavailable
        }
    }
}

extension AuthorizationQuestion {
    /// As the service gets it.
    var json: ByteBuffer {
        var text = ByteBuffer(string: #"{"action":"#)
        text.writeJSONString(self.verb.rawValue)
        if let topic = self.topic {
            text.writeString(#","topic":"#)
            text.writeJSONString(topic.name)
        }
        text.writeString(#","principal":"#)
        guard let id = self.id else {
            text.writeString("null}")
            return text
        }
        text.writeString(#"{"id":"#)
        text.writeJSONString(id)
        text.writeString(#","roles":["#)
        for (index, role) in self.roles.sorted().enumerated() {
            if index > 0 { text.writeString(",") }
            text.writeJSONString(role)
        }
        text.writeString("]}}")
        return text
    }
}
