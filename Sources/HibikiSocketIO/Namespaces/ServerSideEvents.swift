// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: Hibiki contributors

import HibikiSocketIOCodec
import Synchronization

/// Takes server-side events of a namespace to the other nodes.
package protocol ServerSideRelay: Sendable {
    /// - Returns: one answer of each other node, if answers are wanted.
    func emit(
        _ event: String, _ arguments: Arguments, namespace: String, wantsAnswers: Bool, within timeout: Duration
    ) async throws -> [Arguments]
}

/// A closure for server-side events.
struct ServerSideHandler: Sendable {
    let body: @Sendable (Arguments) async throws -> Arguments
}

extension Namespace {
    /// Calls a closure when another node emits a server-side event of that name. `connect`, `connection` and
    /// `new_namespace` are never emitted.
    public func onServerSideEvent<each Argument: Decodable & Sendable>(
        _ event: String, _ handler: @escaping @Sendable (repeat each Argument) async throws -> Void
    ) {
        self.addServerSide(event) { arguments in
            let values = try arguments.decode(repeat (each Argument).self)
            try await handler(repeat each values)
            return Arguments()
        }
    }

    /// The same with a result, which is the answer.
    public func onServerSideEvent<each Argument: Decodable & Sendable, Answer: Encodable & Sendable>(
        _ event: String, _ handler: @escaping @Sendable (repeat each Argument) async throws -> Answer
    ) {
        self.addServerSide(event) { arguments in
            let values = try arguments.decode(repeat (each Argument).self)
            return try Arguments(writing: ArgumentList(await handler(repeat each values)))
        }
    }

    /// Sends an event to the other nodes, never to this one. With one node nothing happens.
    public func serverSideEmit<each Argument: Encodable & Sendable>(
        _ event: String, _ arguments: repeat each Argument
    ) async throws {
        _ = try await self.relay(event, ArgumentList(repeat each arguments), wantsAnswers: false)
    }

    /// Sends an event to the other nodes and waits for the answer of each.
    public func serverSideEmitWithAck<each Argument: Encodable & Sendable, Answer: Decodable>(
        _ event: String, _ arguments: repeat each Argument, as type: Answer.Type, timeout: Duration = .seconds(5)
    ) async throws -> [Answer] {
        try await self.relay(event, ArgumentList(repeat each arguments), wantsAnswers: true, within: timeout)
            .map { try $0.decode(type, at: 0) }
    }

    private func relay(
        _ event: String, _ arguments: some WritableArguments, wantsAnswers: Bool, within timeout: Duration = .seconds(5)
    ) async throws -> [Arguments] {
        guard !["connect", "connection", "new_namespace"].contains(event) else { throw EmitError.reservedName(event) }
        guard let relay = self.server.state.withLock({ $0.relay }) else { return [] }
        return try await relay.emit(
            event, Arguments(writing: arguments), namespace: self.name, wantsAnswers: wantsAnswers, within: timeout)
    }

    private func addServerSide(
        _ event: String, _ body: @escaping @Sendable (Arguments) async throws -> Arguments
    ) {
        self.state.withLock { $0.serverSideHandlers[event, default: []].append(ServerSideHandler(body: body)) }
    }

    /// An event of another node.
    ///
    /// - Returns: the answer of the first handler that gives one.
    package func receiveServerSide(_ event: String, _ arguments: Arguments) async -> Arguments? {
        var answer: Arguments?
        for handler in self.state.withLock({ $0.serverSideHandlers[event] ?? [] }) {
            guard let result = try? await handler.body(arguments) else { continue }
            answer = answer ?? result
        }
        return answer
    }
}

extension SocketIOServer {
    /// Joins the server to other nodes.
    package func setRelay(_ relay: any ServerSideRelay) {
        self.state.withLock { $0.relay = relay }
    }

    public func serverSideEmit<each Argument: Encodable & Sendable>(
        _ event: String, _ arguments: repeat each Argument
    ) async throws {
        try await self.sockets.serverSideEmit(event, repeat each arguments)
    }

    public func serverSideEmitWithAck<each Argument: Encodable & Sendable, Answer: Decodable>(
        _ event: String, _ arguments: repeat each Argument, as type: Answer.Type, timeout: Duration = .seconds(5)
    ) async throws -> [Answer] {
        try await self.sockets.serverSideEmitWithAck(event, repeat each arguments, as: type, timeout: timeout)
    }

    public func onServerSideEvent<each Argument: Decodable & Sendable>(
        _ event: String, _ handler: @escaping @Sendable (repeat each Argument) async throws -> Void
    ) {
        self.sockets.onServerSideEvent(event, handler)
    }

    public func onServerSideEvent<each Argument: Decodable & Sendable, Answer: Encodable & Sendable>(
        _ event: String, _ handler: @escaping @Sendable (repeat each Argument) async throws -> Answer
    ) {
        self.sockets.onServerSideEvent(event, handler)
    }
}
