// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: Hibiki contributors

/// A request to the path of an engine, as hooks see it, and as a session remembers the one that it began with.
public struct EngineRequest: Sendable {
    public var method: String
    /// Path and query, as they were sent.
    public var url: String
    public var query: [(name: String, value: String)]
    /// Names in lower case.
    public var headers: [(name: String, value: String)]
    /// Whom the connection comes from, without the port.
    public var address: String
    /// Whether the connection is encrypted up to this server.
    public var isSecure: Bool
    /// When it came, in milliseconds since 1970.
    public var issued: Int64
    /// The id of the connection, as the log has it; empty for a request that was made by hand.
    package var connection = ""

    /// Requests come from the server; one is made by hand to test a hook.
    public init(
        method: String = "GET", url: String, query: [(name: String, value: String)] = [],
        headers: [(name: String, value: String)] = [], address: String, isSecure: Bool = false, issued: Int64 = 0
    ) {
        self.method = method
        self.url = url
        self.query = query
        self.headers = headers
        self.address = address
        self.isSecure = isSecure
        self.issued = issued
    }

    /// The first field of that name, which is in lower case.
    public func header(_ name: String) -> String? {
        self.headers.first { $0.name == name }?.value
    }
}
