// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: Hibiki contributors

public import HibikiSocketIOCodec

/// What a client said when it came.
///
/// Headers, address and query are those of the request that the connection began with, and are the same for all its
/// namespaces; ``auth`` is what it sent to join this one.
public struct Handshake: Sendable {
    private let request: EngineRequest
    /// What the client sent as `auth`; an object, or `null` if there was none.
    public let auth: JSON

    package init(_ request: EngineRequest, auth: JSON) {
        self.request = request
        self.auth = auth
    }

    /// Path and query, as they were sent.
    public var url: String { self.request.url }
    /// Whom the connection comes from, without the port.
    public var address: String { self.request.address }
    /// Whether the connection is encrypted up to this server.
    public var isSecure: Bool { self.request.isSecure }
    /// The connection that all began with, as the log has it.
    var connection: String { self.request.connection }
    /// When the connection began, in milliseconds since 1970.
    public var issued: Int64 { self.request.issued }
    /// When the connection began, as JavaScript writes a date, in UTC.
    public var time: String { JavaScriptDate(milliseconds: self.request.issued).description }
    /// Whether a page of another origin may have sent it: the request has an `Origin`.
    public var isCrossDomain: Bool { self.header("origin") != nil }

    /// All headers, by name in lower case. Those that came several times are joined with `, `.
    public var headers: [String: String] {
        Dictionary(self.request.headers.map { ($0.name, $0.value) }) { "\($0), \($1)" }
    }

    /// The first header of that name, which is to be in lower case.
    public func header(_ name: String) -> String? {
        self.request.headers.first { $0.name == name }?.value
    }

    /// The parameters of the query. Of those that came several times the last counts.
    public var query: [String: String] {
        Dictionary(self.request.query.map { ($0.name, $0.value) }) { $1 }
    }

    /// As `socket.handshake` of the original looks when it is written as JSON.
    public var json: JSON {
        [
            "headers": .object(Self.object(self.headers)),
            "time": .string(self.time),
            "address": .string(self.address),
            "xdomain": .bool(self.isCrossDomain),
            "secure": .bool(self.isSecure),
            "issued": .integer(self.issued),
            "url": .string(self.url),
            "query": .object(Self.object(self.query)),
            "auth": self.auth,
        ]
    }

    private static func object(_ texts: [String: String]) -> JSONObject {
        JSONObject(texts.sorted { $0.key < $1.key }.map { ($0.key, JSON.string($0.value)) })
    }
}
