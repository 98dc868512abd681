// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: Hibiki contributors

public import HibikiSocketIOCodec

/// A request to begin a session, as hooks see it.
public struct EngineHandshakeRequest: Sendable {
    public var method: String
    /// Path and query, as they were sent.
    public var url: String
    public var query: [(name: String, value: String)]
    /// Names in lower case.
    public var headers: [(name: String, value: String)]
    /// Whom the connection comes from, without the port.
    public var address: String

    /// The first field of that name, which is in lower case.
    public func header(_ name: String) -> String? {
        self.headers.first { $0.name == name }?.value
    }
}

/// What an application may have a say in while sessions begin.
public struct EngineHooks: Sendable {
    /// Decides whether a session may begin; called for handshakes only. An `EngineRefusal` that is thrown is what the client
    /// gets (`EngineRefusal.forbidden("…")`), any other error refuses it without words.
    public var allowRequest: (@Sendable (EngineHandshakeRequest) async throws -> Void)?
    /// Makes the ids of sessions: 20 characters of `A-Z a-z 0-9 - _`, unique and not to be guessed. By default they are random.
    public var generateID: (@Sendable (EngineHandshakeRequest) async throws -> String)?
    /// May add fields to the first response of a session.
    public var initialHeaders: (@Sendable (inout [(name: String, value: String)], EngineHandshakeRequest) -> Void)?
    /// May add fields to every response.
    public var headers: (@Sendable (inout [(name: String, value: String)], EngineHandshakeRequest) -> Void)?
    /// A request was refused.
    public var connectionError: (@Sendable (EngineHandshakeRequest, EngineRefusal) -> Void)?

    public init() {}
}
