// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: Hibiki contributors

public import HibikiWire
public import NIOCore
import NIOHTTP1

/// Publishes over HTTP, over a connection that is kept between two publications.
///
/// ```swift
/// let publisher = Publisher(at: try HibikiURL("http://127.0.0.1:8080"))
/// let answer = try await publisher.publish(ByteBuffer(string: #"{"text":"hello"}"#), to: "public/news")
/// ```
public struct Publisher: Sendable {
    private let client: HTTPClient

    public init(at url: HibikiURL, headers: [(name: String, value: String)] = []) {
        self.client = HTTPClient(Dialer(url), headers: headers)
    }

    init(_ client: HTTPClient) {
        self.client = client
    }

    /// Publishes one event and answers where it stands in the log.
    ///
    /// - Parameters:
    ///   - payload: JSON text, which reaches the readers byte for byte.
    ///   - id: the idempotency key, 1 to 128 bytes. Whoever publishes again after an error gives the same one, and the
    ///     event is stored once. Without it the request is not repeated by itself either where the server may have seen
    ///     it.
    public func publish(
        _ payload: ByteBuffer, to topic: String, event: String = EventFields.defaultName, id: String? = nil
    ) async throws -> PublishAnswer {
        var body = ByteBuffer()
        body.writePublishRequest(PublishRequest(topic: topic, event: event, payload: payload, id: id))
        let answer = try await self.post(body, isRepeatable: id != nil)
        do throws(WireError) {
            return try PublishAnswer(parsing: answer)
        } catch {
            throw HibikiClientError.invalidAnswer(error)
        }
    }

    /// Publishes up to 100 events: all of them, or, if one is refused, none.
    ///
    /// - Returns: an answer for each, in their order.
    public func publish(_ requests: [PublishRequest]) async throws -> [PublishAnswer] {
        var body = ByteBuffer()
        body.writeStaticString("[")
        for (index, request) in requests.enumerated() {
            if index > 0 { body.writeStaticString(",") }
            body.writePublishRequest(request)
        }
        body.writeStaticString("]")
        let answer = try await self.post(body, isRepeatable: requests.allSatisfy { $0.id != nil })
        do throws(WireError) {
            let answers = try PublishAnswer.list(parsing: answer)
            guard answers.count == requests.count else {
                throw WireError(.invalidMessage, "\(answers.count) answers to \(requests.count) publications")
            }
            return answers
        } catch {
            throw HibikiClientError.invalidAnswer(error)
        }
    }

    /// Closes the connection that is kept. The next publication opens another.
    public func close() {
        self.client.close()
    }

    private func post(_ body: ByteBuffer, isRepeatable: Bool) async throws -> ByteBuffer {
        let request = HTTPRequest(
            .POST, self.client.dialer.url.target("/v1/events"),
            headers: [(name: "Content-Type", value: "application/json")], body: body, isRepeatable: isRepeatable
        )
        let answer = try await self.client.answer(to: request)
        guard answer.body.isValidUTF8 else { throw HibikiClientError.invalidAnswer("the answer is not UTF-8") }
        return answer.body
    }
}
