// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: Hibiki contributors

import HibikiSocketIOCodec

extension Socket {
    /// Passes arguments on as they came, and waits for the ack.
    public func emitWithAck(_ event: String, _ arguments: Arguments) async throws -> Arguments {
        try await self.request(.string(event), arguments, EmitFlags())
    }
}

extension SocketOperator {
    /// Passes arguments on as they came, and waits for the ack.
    public func emitWithAck(_ event: String, _ arguments: Arguments) async throws -> Arguments {
        try await self.socket.request(.string(event), arguments, self.flags)
    }
}

extension BroadcastSource {
    /// Passes arguments on as they came, and waits for the acks of all sockets that get the event.
    public func emitWithAck(_ event: String, _ arguments: Arguments) async throws -> [Arguments] {
        try await self.everyone.request(.string(event), arguments)
    }
}
