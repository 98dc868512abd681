// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: Hibiki contributors

public import HibikiSocketIOCodec

/// What an application may have a say in while sessions begin.
public struct EngineHooks: Sendable {
    /// Decides whether a session may begin; called for handshakes only. An `EngineRefusal` that is thrown is what the client
    /// gets (`EngineRefusal.forbidden("…")`), any other error refuses it without words.
    public var allowRequest: (@Sendable (EngineRequest) async throws -> Void)?
    /// Makes the ids of sessions: 20 characters of `A-Z a-z 0-9 - _`, unique and not to be guessed. By default they are random.
    public var generateID: (@Sendable (EngineRequest) async throws -> String)?
    /// May add fields to the first response of a session.
    public var initialHeaders: (@Sendable (inout [(name: String, value: String)], EngineRequest) -> Void)?
    /// May add fields to every response.
    public var headers: (@Sendable (inout [(name: String, value: String)], EngineRequest) -> Void)?
    /// A request was refused.
    public var connectionError: (@Sendable (EngineRequest, EngineRefusal) -> Void)?

    public init() {}

    /// Whether there is one that wants to see every request.
    var seeEveryRequest: Bool { self.headers != nil || self.connectionError != nil }
}
