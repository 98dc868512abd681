// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: Hibiki contributors

import Synchronization

/// The end of a socket.
struct Disconnection: Sendable {
    let reason: DisconnectReason
    let description: String?
}

extension Disconnection: StepInput {
    private static let disconnecting = 0, disconnected = 1

    func steps(in phase: Int, of socket: Socket) -> [Step<Disconnection>]? {
        switch phase {
        case Self.disconnecting:
            return socket.state.withLock { $0.disconnectingHandlers }
        case Self.disconnected:
            return socket.state.withLock { state in
                state.rooms = []
                state.hasLeftRooms = true
                return state.disconnectHandlers
            }
        default:
            // Closures of the application usually hold the socket.
            socket.state.withLock { $0.forgetHandlers() }
            return nil
        }
    }

    func failed(with error: any Error, in phase: Int, of socket: Socket) -> Bool {
        socket.report(error)
        return true
    }
}
