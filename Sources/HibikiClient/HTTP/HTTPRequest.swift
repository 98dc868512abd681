// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: Hibiki contributors

import NIOCore
import NIOHTTP1

/// One request of this client, with the time that its answer may take.
struct HTTPRequest: Sendable {
    var method: HTTPMethod
    /// Path and query.
    var target: String
    var headers: [(name: String, value: String)]
    var body: ByteBuffer?
    /// Until the head of the answer.
    var headLimit: TimeAmount
    /// Between any two pieces of the answer's body.
    var silenceLimit: TimeAmount
    /// Whether it may be sent again when the connection was lost before the answer began (RFC 9110 §9.2.2).
    var isRepeatable: Bool

    init(
        _ method: HTTPMethod, _ target: String, headers: [(name: String, value: String)] = [],
        body: ByteBuffer? = nil, headLimit: TimeAmount = .seconds(10), silenceLimit: TimeAmount = .seconds(10),
        isRepeatable: Bool = true
    ) {
        self.method = method
        self.target = target
        self.headers = headers
        self.body = body
        self.headLimit = headLimit
        self.silenceLimit = silenceLimit
        self.isRepeatable = isRepeatable
    }

    func head(authority: String) -> HTTPRequestHead {
        var headers = HTTPHeaders([("Host", authority), ("User-Agent", "hibiki")])
        headers.add(contentsOf: HTTPHeaders(self.headers.map { ($0.name, $0.value) }))
        if let body { headers.add(name: "Content-Length", value: String(body.readableBytes)) }
        return HTTPRequestHead(version: .http1_1, method: self.method, uri: self.target, headers: headers)
    }
}

/// A whole answer.
struct HTTPAnswer: Sendable {
    var head: HTTPResponseHead
    var body: ByteBuffer
}
