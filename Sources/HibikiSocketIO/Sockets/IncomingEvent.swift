// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: Hibiki contributors

import HibikiSocketIOCodec
import HibikiWire
import Synchronization

/// An event that a client has sent.
struct IncomingEvent: Sendable {
    let name: EventName
    let arguments: Arguments
    let ack: Ack
}

extension IncomingEvent: StepInput {
    private static let any = 0, middlewares = 1, handlers = 2

    func steps(in phase: Int, of socket: Socket) -> [Step<IncomingEvent>]? {
        switch phase {
        case Self.any: socket.state.withLock { $0.anyHandlers }
        case Self.middlewares: socket.state.withLock { $0.middlewares }
        case Self.handlers: socket.state.withLock { $0.handlers.steps(for: self.name.text) }
        default: nil
        }
    }

    /// Calls handlers right here. All of them are called, whatever one throws.
    func call(_ handlers: [@Sendable (IncomingEvent) throws -> Void], of socket: Socket) {
        for handler in handlers {
            do {
                try handler(self)
            } catch {
                _ = self.failed(with: error, in: Self.handlers, of: socket)
            }
        }
    }

    func failed(with error: any Error, in phase: Int, of socket: Socket) -> Bool {
        if let failure = error as? UndecodableArguments {
            self.ack.fail(failure.error)
            socket.namespace.server.report(failure.error, decoding: self.name.text, for: socket)
            socket.report(failure.error)
            return true
        }
        if phase != Self.any, self.ack.isWanted {
            self.ack.fail(error)
        } else {
            socket.report(error)
        }
        return phase != Self.middlewares
    }
}

/// Arguments that are not what a handler takes. It keeps them apart from errors of the handler itself.
struct UndecodableArguments: Error {
    let error: ArgumentError
}

extension IncomingEvent {
    /// Calls a handler with the arguments as the types that it takes.
    func call<each Value: Decodable, Result>(_ handler: (repeat each Value) throws -> Result) throws -> Result {
        let values = try self.decode(repeat (each Value).self)
        return try handler(repeat each values)
    }

    func call<each Value: Decodable & Sendable, Result>(
        _ handler: @Sendable (repeat each Value) async throws -> Result
    ) async throws -> Result {
        let values = try self.decode(repeat (each Value).self)
        return try await handler(repeat each values)
    }

    private func decode<each Value: Decodable>(_ types: repeat (each Value).Type) throws -> (repeat each Value) {
        var next = 0
        return (repeat try self.decode((each Value).self, at: &next))
    }

    private func decode<Value: Decodable>(_ type: Value.Type, at next: inout Int) throws -> Value {
        if type == Ack.self, let ack = self.ack as? Value { return ack }
        defer { next += 1 }
        do {
            return try self.arguments.decode(type, at: next)
        } catch let error as ArgumentError {
            throw UndecodableArguments(error: error)
        }
    }
}

extension EventName {
    /// The name as handlers are registered under it: JavaScript takes `1` and `"1"` for the same.
    var text: String {
        switch self {
        case .string(let name), .number(let name): name
        }
    }
}

/// The handlers of the events of a socket, in the order in which they were registered.
struct EventHandlers: Sendable {
    /// Those of one event.
    private struct List {
        let steps: [Step<IncomingEvent>]
        /// The same, if all of them are called in place as long as they are registered.
        let lastingImmediate: [@Sendable (IncomingEvent) throws -> Void]?
        let areImmediate: Bool
        let hasOnce: Bool

        init(_ steps: [Step<IncomingEvent>]) {
            let immediate = steps.compactMap(\.immediateBody)
            self.steps = steps
            self.areImmediate = immediate.count == steps.count
            self.hasOnce = steps.contains(where: \.isOnce)
            self.lastingImmediate = self.areImmediate && !self.hasOnce ? immediate : nil
        }
    }

    private var lists: [ExactString: List] = [:] {
        didSet { self.latest = nil }
    }
    /// Those that were asked for last: events often come several times in a row.
    private var latest: (event: String, handlers: [@Sendable (IncomingEvent) throws -> Void])?

    mutating func add(_ step: Step<IncomingEvent>, for event: String) {
        self.lists[ExactString(event)] = List((self.lists[ExactString(event)]?.steps ?? []) + [step])
    }

    /// Those of an event; whoever wants to be called once is taken away.
    mutating func steps(for event: String) -> [Step<IncomingEvent>] {
        guard let list = self.lists[ExactString(event)] else { return [] }
        if list.hasOnce { self.keep(list.steps.filter { !$0.isOnce }, for: event) }
        return list.steps
    }

    /// Those of an event, if all of them are called in place as long as they are registered, and `nil` otherwise.
    mutating func lastingImmediate(for event: String) -> [@Sendable (IncomingEvent) throws -> Void]? {
        if let latest = self.latest, latest.event.isExactly(event) { return latest.handlers }
        guard let list = self.lists[ExactString(event)] else { return [] }
        guard let handlers = list.lastingImmediate else { return nil }
        // A name that the client has sent is kept only if it is a handler's.
        self.latest = (event, handlers)
        return handlers
    }

    /// Whether all of an event are called in place.
    func areImmediate(for event: String) -> Bool {
        self.lists[ExactString(event)]?.areImmediate ?? true
    }

    mutating func remove(_ event: String, _ id: HandlerID?) {
        let rest = id.flatMap { id in self.lists[ExactString(event)]?.steps.filter { $0.id != id } }
        self.keep(rest ?? [], for: event)
    }

    mutating func removeAll() {
        self.lists = [:]
    }

    private mutating func keep(_ steps: [Step<IncomingEvent>], for event: String) {
        self.lists[ExactString(event)] = steps.isEmpty ? nil : List(steps)
    }
}
