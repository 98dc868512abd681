// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: Hibiki contributors

/// A middleware with a name: something that is done with every socket that wants to join a namespace, or has joined.
///
/// ```swift
/// io.use(TokenAuthentication(storing: SocketDataKey("user")) { token in try await users.verify(token) })
/// io.use(RateLimit(burst: 100, perSecond: 50))
/// ```
public protocol SocketMiddleware: Sendable {
    /// A socket wants to join. By default it may.
    ///
    /// - Throws: what keeps the socket out; see ``Joinable/use(_:)-(_)``.
    func join(_ socket: Socket) async throws

    /// A socket has joined. By default nothing happens.
    func connected(_ socket: Socket)
}

extension SocketMiddleware {
    public func join(_ socket: Socket) async throws {}
    public func connected(_ socket: Socket) {}
}

extension Joinable {
    public func use(_ middleware: some SocketMiddleware) {
        self.use { socket in try await middleware.join(socket) }
        self.onConnection { socket in middleware.connected(socket) }
    }
}
