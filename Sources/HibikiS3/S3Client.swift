// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: Hibiki contributors

import AsyncHTTPClient
import HibikiMessaging
import HibikiWire
import NIOCore
import NIOHTTP1

/// Sends signed requests, again where that may help.
struct S3Client: Sendable {
    /// Of an answer that is no file.
    static let answerBytes = 1 << 20
    /// Before the second attempt; twice as long before each further one.
    private static let firstPause: Duration = .milliseconds(200)

    /// Whose connections a request goes over.
    enum Pool: Sendable {
        case requests
        /// A download keeps its connection for as long as whoever reads it takes.
        case downloads

        fileprivate var client: HTTPClient {
            switch self {
            case .requests: S3Client.requests
            case .downloads: S3Client.downloads
            }
        }
    }

    private static let requests = S3Client.makeClient(connections: 8)
    /// Of one store; who comes then waits until one is free, or the time of the request is over.
    private static let downloads = S3Client.makeClient(connections: 256)

    /// For the process, which never ends it. It makes no spans, because it would put signatures into them.
    private static func makeClient(connections: Int) -> HTTPClient {
        var configuration = HTTPClient.Configuration.singletonConfiguration
        configuration.tracing.tracer = nil
        configuration.redirectConfiguration = .disallow
        // What cannot be reached is tried again here, and not until the end of the request's time.
        configuration.connectionPool.retryConnectionEstablishment = false
        configuration.connectionPool.concurrentHTTP1ConnectionsPerHostSoftLimit = connections
        configuration.timeout.connect = .seconds(5)
        return HTTPClient(eventLoopGroup: HTTPClient.defaultEventLoopGroup, configuration: configuration)
    }

    let configuration: S3Configuration
    let now: @Sendable () -> Timestamp

    private var signature: S3Signature {
        S3Signature(credentials: self.configuration.credentials, region: self.configuration.region)
    }

    /// A request about an object.
    func request(_ method: String, _ key: String, _ query: [(String, String)] = []) -> S3Request {
        self.request(method, object: "/" + S3Request.encode(path: self.configuration.prefix + key), query)
    }

    /// A request about the bucket.
    func bucketRequest(_ method: String, _ query: [(String, String)] = []) -> S3Request {
        self.request(method, object: self.configuration.isPathStyle ? "" : "/", query)
    }

    private func request(_ method: String, object: String, _ query: [(String, String)]) -> S3Request {
        let endpoint = self.configuration.endpoint
        let parts = endpoint.split(separator: "/", omittingEmptySubsequences: true)
        let scheme = endpoint.hasPrefix("http://") ? "http" : "https"
        let host = parts.count > 1 ? String(parts[1]) : endpoint
        let bucket = self.configuration.bucket
        return S3Request(
            method: method, scheme: scheme, host: self.configuration.isPathStyle ? host : "\(bucket).\(host)",
            path: self.configuration.isPathStyle ? "/\(PercentEncoding.encode(bucket))\(object)" : object,
            query: query.map { (name: $0.0, value: $0.1) })
    }

    /// An address with which anybody may send the request for a time.
    func presign(_ request: S3Request, seconds: Int) -> String {
        self.signature.presign(request, seconds: seconds, at: self.now()).url
    }

    /// - Returns: an answer with one of `statuses`; any other is an ``S3Failure``.
    func send(
        _ request: S3Request, _ body: ByteBuffer = ByteBuffer(), statuses: Set<UInt>, over pool: Pool = .requests
    ) async throws -> HTTPClientResponse {
        let payload = S3Signature.digest(body)
        var pause = Self.firstPause
        var attempt = 1
        while true {
            do {
                return try await self.sendOnce(request, body, payload, statuses, pool)
            } catch {
                let isTemporary = (error as? S3Failure)?.isTemporary ?? !(error is CancellationError)
                guard isTemporary, attempt < self.configuration.attempts else { throw error }
            }
            attempt += 1
            try await Task.sleep(for: pause)
            pause *= 2
        }
    }

    private func sendOnce(
        _ request: S3Request, _ body: ByteBuffer, _ payload: String, _ statuses: Set<UInt>, _ pool: Pool
    ) async throws -> HTTPClientResponse {
        let signed = self.signature.sign(request, payload: payload, at: self.now())
        var outgoing = HTTPClientRequest(url: signed.url)
        outgoing.method = HTTPMethod(rawValue: signed.method)
        for header in signed.headers { outgoing.headers.add(name: header.name, value: header.value) }
        if body.readableBytes > 0 || signed.method == "PUT" { outgoing.body = .bytes(body) }
        let time = TimeAmount.nanoseconds(Int64(self.configuration.timeout / .nanoseconds(1)))
        let response = try await pool.client.execute(outgoing, deadline: .now() + time)
        guard !statuses.contains(response.status.code) else { return response }
        let text = try? await response.body.collect(upTo: 16 << 10)
        throw S3Failure(status: response.status.code, code: text.flatMap { S3Answer.text(of: "Code", in: $0) })
    }
}

/// What a store has answered in the place of what was asked for.
struct S3Failure: Error, CustomStringConvertible {
    let status: UInt
    /// As `NoSuchBucket`.
    let code: String?

    var description: String { "the S3 store answers \(self.status) \(self.code ?? "")" }
    /// Whether the same request may succeed later.
    var isTemporary: Bool { self.status >= 500 || self.status == 429 }
}

/// Reads the little that is needed of an answer in XML.
enum S3Answer {
    /// What stands between the first tag of this name and its end, without any tag in it.
    static func text(of tag: String, in answer: ByteBuffer) -> String? {
        let bytes = Array(answer.readableBytesView)
        guard let start = bytes.firstRange(of: Array("<\(tag)>".utf8))?.upperBound,
            let length = bytes[start...].firstIndex(of: UInt8(ascii: "<"))
        else { return nil }
        return String(validating: bytes[start..<length], as: UTF8.self)
    }
}
