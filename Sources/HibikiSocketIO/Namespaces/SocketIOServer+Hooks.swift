// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: Hibiki contributors

public import HibikiSocketIOCodec
import Logging
import Synchronization

/// Arguments of a client that did not suit the handler of their event.
public struct DecodingFailure: Sendable {
    public var socket: Socket
    public var event: String
    /// What is wrong, and where.
    public var error: ArgumentError
}

/// An event or an ack that could not be written, and was dropped.
public struct EncodingFailure: Sendable {
    public var event: String
    public var error: EmitError
}

extension SocketIOServer {
    /// Calls a closure when arguments of a client do not suit the handler of their event. Its ack has been answered
    /// with the error.
    public func onDecodingError(_ handler: @escaping @Sendable (DecodingFailure) -> Void) {
        self.hooks.withLock { $0.decodingError.append(handler) }
    }

    /// Calls a closure when the application emits what cannot be written.
    public func onEncodingError(_ handler: @escaping @Sendable (EncodingFailure) -> Void) {
        self.hooks.withLock { $0.encodingError.append(handler) }
    }

    func report(_ error: ArgumentError, decoding event: String, for socket: Socket) {
        let failure = DecodingFailure(socket: socket, event: event, error: error)
        for handler in self.hooks.withLock({ $0.decodingError }) { handler(failure) }
    }

    func report(_ error: EmitError, encoding event: String) {
        self.logger.error("Socket.IO cannot write an event", metadata: ["event": "\(event)", "error": "\(error)"])
        let failure = EncodingFailure(event: event, error: error)
        for handler in self.hooks.withLock({ $0.encodingError }) { handler(failure) }
    }
}
