// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: Hibiki contributors

import HibikiSocketIOCodec

/// A socket on its way into a namespace: middlewares, then the reply, then those who wait for new sockets.
struct Joining: Sendable {
    /// What the client comes back to, if it does.
    let recovery: Recovery?

    struct Recovery: Sendable {
        let session: StoredSession
        let offset: String?
        let skipsMiddlewares: Bool
    }
}

extension Joining: StepInput {
    private static let middlewares = 0, restoring = 1, connected = 2

    func steps(in phase: Int, of socket: Socket) -> [Step<Joining>]? {
        switch phase {
        case Self.middlewares:
            if let recovery = self.recovery, recovery.skipsMiddlewares { return [] }
            return socket.namespace.entrance.middlewares.map { $0.bound(to: socket) }
        case Self.restoring:
            guard let recovery = self.recovery else { return [] }
            return [Step(id: HandlerID(number: 0), body: .suspending { _ in try await socket.restore(recovery) })]
        case Self.connected:
            guard socket.enter() else { return nil }
            return socket.namespace.entrance.connectionHandlers.map { $0.bound(to: socket) }
        default: return nil
        }
    }

    func failed(with error: any Error, in phase: Int, of socket: Socket) -> Bool {
        switch phase {
        case Self.middlewares: socket.refuse(with: error)
        case Self.restoring: socket.joinAnew()
        default: socket.report(error)
        }
        return phase == Self.connected
    }
}

extension Step where Input == Socket {
    fileprivate func bound(to socket: Socket) -> Step<Joining> {
        switch self.body {
        case .immediate(let body): Step<Joining>(id: self.id, body: .immediate { _ in try body(socket) })
        case .suspending(let body): Step<Joining>(id: self.id, body: .suspending { _ in try await body(socket) })
        }
    }
}
