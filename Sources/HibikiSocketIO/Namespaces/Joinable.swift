// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: Hibiki contributors

import Synchronization

/// Something that clients join: a namespace, a family of namespaces, or a server, which stands for its namespace `/`.
public protocol Joinable {
    /// What its sockets pass on their way in.
    var entrance: Entrance { get }
}

extension Joinable {
    /// Adds a middleware, which is called for every socket that wants to join, in the order of registration.
    ///
    /// One that throws keeps the socket out: the client gets the message and the data of a ``ConnectError``, and of any
    /// other error only that there was one. A middleware may put the socket into rooms.
    public func use(_ middleware: @escaping @Sendable (Socket) throws -> Void) {
        self.entrance.addMiddleware(.immediate(middleware))
    }

    public func use(_ middleware: @escaping @Sendable (Socket) async throws -> Void) {
        self.entrance.addMiddleware(.suspending(middleware))
    }

    /// Calls a closure for every socket that has joined. The client has been told then, so what is emitted here comes
    /// after that; its events are handled when the closure has returned.
    public func onConnection(_ handler: @escaping @Sendable (Socket) throws -> Void) {
        self.entrance.addConnectionHandler(.immediate(handler))
    }

    public func onConnection(_ handler: @escaping @Sendable (Socket) async throws -> Void) {
        self.entrance.addConnectionHandler(.suspending(handler))
    }
}

/// The middlewares of a namespace, or of a family of them, and the closures that are called for its new sockets.
public final class Entrance: Sendable {
    private struct State {
        var middlewares: [Step<Socket>] = []
        var connectionHandlers: [Step<Socket>] = []
    }

    private let state: Mutex<State>

    /// - Parameter family: whose closures it begins with.
    init(of family: Entrance? = nil) {
        self.state = Mutex(family?.state.withLock { $0 } ?? State())
    }

    var middlewares: [Step<Socket>] { self.state.withLock { $0.middlewares } }
    var connectionHandlers: [Step<Socket>] { self.state.withLock { $0.connectionHandlers } }

    func addMiddleware(_ body: Step<Socket>.Body) {
        self.state.withLock { $0.middlewares.append(Step(id: HandlerID(number: 0), body: body)) }
    }

    func addConnectionHandler(_ body: Step<Socket>.Body) {
        self.state.withLock { $0.connectionHandlers.append(Step(id: HandlerID(number: 0), body: body)) }
    }
}
