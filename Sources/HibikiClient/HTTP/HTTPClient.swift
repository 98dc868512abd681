// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: Hibiki contributors

import HibikiWire
import NIOCore
import NIOHTTP1
import Synchronization

/// The little of HTTP/1.1 that the transports need: requests to one server over a connection that is kept between them.
///
/// Requests at the same time have a connection each; one of them is kept. Redirects are refused, not followed.
final class HTTPClient: Sendable {
    let dialer: Dialer
    /// Sent with each request.
    private let headers: [(name: String, value: String)]
    private let bodyLimit: Int
    private let kept = Mutex<HTTPConnection?>(nil)

    /// - Parameter bodyLimit: the bytes that an answer may have; 64 MiB by default, four topics' whole logs.
    init(_ dialer: Dialer, headers: [(name: String, value: String)] = [], bodyLimit: Int = 1 << 26) {
        self.dialer = dialer
        self.headers = headers
        self.bodyLimit = bodyLimit
    }

    /// Sends a request and reads the whole answer.
    ///
    /// - Throws: ``HibikiClientError``; a status from 300 on is an error too.
    func answer(to request: HTTPRequest) async throws -> HTTPAnswer {
        let (connection, head) = try await self.begin(request)
        let body = try await connection.body(limit: self.bodyLimit)
        if head.isKeepAlive { self.keep(connection) }
        try Self.check(head, body)
        return HTTPAnswer(head: head, body: body)
    }

    /// Sends a request and leaves the body of the answer to be read from the connection, which is not used again.
    func stream(_ request: HTTPRequest) async throws -> (HTTPResponseHead, HTTPConnection) {
        let (connection, head) = try await self.begin(request)
        guard head.status.code < 300 else {
            try Self.check(head, try await connection.body(limit: 1 << 16))
            return (head, connection)
        }
        return (head, connection)
    }

    /// Closes the connection that is kept. The next request opens another.
    func close() {
        self.take()?.close()
    }

    private func begin(_ request: HTTPRequest) async throws -> (HTTPConnection, HTTPResponseHead) {
        var request = request
        request.headers = self.headers + request.headers
        if let connection = self.take(), connection.isReusable {
            do {
                return (connection, try await connection.send(request))
            } catch let error as HibikiClientError where error.code == .connectionLost && request.isRepeatable {
                // The server closed an idle connection at the moment that it was used again (RFC 9112 §9.3.1).
            }
        }
        let connection = try await HTTPConnection.open(self.dialer)
        return (connection, try await connection.send(request))
    }

    private func take() -> HTTPConnection? {
        self.kept.withLock { kept in
            defer { kept = nil }
            return kept
        }
    }

    private func keep(_ connection: HTTPConnection) {
        self.kept.withLock { $0 = connection }
    }

    /// Throws what an answer says that is none of success.
    static func check(_ head: HTTPResponseHead, _ body: ByteBuffer) throws(HibikiClientError) {
        let status = Int(head.status.code)
        guard status >= 300 else { return }
        if status < 400 {
            let location = head.headers.first(name: "Location").map { " to \($0)" } ?? ""
            throw HibikiClientError(
                .redirected, "the server redirects\(location) (\(status)), which is not followed; use that address",
                status: status
            )
        }
        let mayRetry = status == 408 || status == 429 || status >= 500
        var retryAfter = head.retryAfter
        var error = HibikiClientError(
            .refused, "the server answered \(status) \(head.status.reasonPhrase)", mayRetry: mayRetry, status: status
        )
        if let answer = try? ErrorAnswer(parsing: body) {
            error = HibikiClientError(
                .refused, answer.error.message, mayRetry: answer.retry, serverCode: answer.error.code, status: status
            )
            // More exact than the field, which has whole seconds.
            if let time = answer.error.retryAfter, time >= 0 {
                retryAfter = .milliseconds(min(time, HTTPResponseHead.longestRetryAfter * 1_000))
            }
        }
        error.retryAfter = retryAfter
        throw error
    }
}

extension HTTPResponseHead {
    /// The longest that a server is obeyed.
    fileprivate static let longestRetryAfter: Int64 = 86_400

    /// What `Retry-After` asks for in seconds (RFC 9110 §10.2.3); `nil` for a date.
    var retryAfter: Duration? {
        guard let seconds = self.headers.first(name: "Retry-After").flatMap({ Int64($0) }), seconds >= 0 else {
            return nil
        }
        return .seconds(min(seconds, Self.longestRetryAfter))
    }
}
