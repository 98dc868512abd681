// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: Hibiki contributors

import HibikiSocketIOCodec

/// Lets in who has a token that the application accepts, and keeps who it is with the socket.
///
/// The token is the `token` of what the client sends as `auth`:
///
/// ```swift
/// io.use(TokenAuthentication(storing: SocketDataKeys.user) { token in try await users.verify(token) })
/// ```
/// ```js
/// io({ auth: { token: "…" } })
/// ```
public struct TokenAuthentication<Principal: Sendable>: SocketMiddleware {
    private let key: SocketDataKey<Principal>
    private let queryParameter: String?
    private let verify: @Sendable (String) async throws -> Principal

    /// The longest token that is looked at, in bytes.
    public static var longestToken: Int { 16_384 }

    /// - Parameters:
    ///   - key: under which the principal is kept in ``Socket/data``.
    ///   - queryParameter: a parameter of the connection's query that may hold the token instead. `nil`, the default,
    ///     means none: what stands in an address is soon in a log.
    ///   - verify: gives the principal of a token. A ``ClientVisibleError`` that it throws is what the client gets;
    ///     after any other error it gets the message `unauthorized` and the data `{"code":"unauthorized"}`.
    public init(
        storing key: SocketDataKey<Principal>, queryParameter: String? = nil,
        verify: @escaping @Sendable (_ token: String) async throws -> Principal
    ) {
        self.key = key
        self.queryParameter = queryParameter
        self.verify = verify
    }

    public func join(_ socket: Socket) async throws {
        guard let token = self.token(in: socket.handshake), !token.isEmpty, token.utf8.count <= Self.longestToken else {
            throw Self.unauthorized
        }
        do {
            socket.data[self.key] = try await self.verify(token)
        } catch let error as any ClientVisibleError {
            throw error
        } catch {
            throw Self.unauthorized
        }
    }

    private func token(in handshake: Handshake) -> String? {
        if let token = handshake.auth["token"].string { return token }
        return self.queryParameter.flatMap { handshake.query[$0] }
    }

    private static var unauthorized: ConnectError {
        ConnectError("unauthorized", data: ["code": "unauthorized"])
    }
}
