// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: Hibiki contributors

/// The checks that a request passes before it may begin or touch a session, in the order of the original.
///
/// A server asks ``check(_:method:isUpgrade:origins:session:)`` first, then the application (only when a session
/// would begin), then ``version(of:)``.
public struct EngineVerification: Sendable {
    /// What a server knows about the session that a request names.
    public struct Session: Hashable, Sendable {
        /// What carries it at the moment. While a WebSocket is being probed, that is still polling.
        public var transport: EngineTransport
        public var version: EngineVersion

        public init(transport: EngineTransport, version: EngineVersion) {
            self.transport = transport
            self.version = version
        }
    }

    public enum Decision: Equatable, Sendable {
        /// The request wants a new session on this transport. The revision is still to be checked.
        case newSession(EngineTransport)
        /// A polling request of the session. Methods other than GET and POST are answered with 500.
        case poll
        /// A WebSocket for a session that exists, whether or not it can still be upgraded.
        case upgrade
        case refuse(EngineRefusal)
    }

    /// The transports that the server offers.
    public var transports: Set<EngineTransport>
    /// Whether clients of revision 3 are served.
    public var allowsVersion3: Bool

    public init(transports: Set<EngineTransport> = [.polling, .websocket], allowsVersion3: Bool = false) {
        self.transports = transports
        self.allowsVersion3 = allowsVersion3
    }

    /// - Parameters:
    ///   - isUpgrade: whether the request asks for a WebSocket.
    ///   - origins: the values of all its `Origin` headers.
    ///   - session: what the server holds under ``EngineQuery/sid``, if anything.
    public func check(
        _ query: EngineQuery, method: String, isUpgrade: Bool, origins: [String], session: Session?
    ) -> Decision {
        guard let transport = self.transport(of: query, isUpgrade: isUpgrade) else { return .refuse(.transportUnknown) }
        guard origins.allSatisfy(Self.isHeaderText) else { return .refuse(.badRequest(.invalidOrigin)) }
        guard query.sid == nil else {
            guard let session else { return .refuse(.sessionUnknown) }
            return Self.check(query, transport, isUpgrade: isUpgrade, session)
        }
        guard method == "GET" else { return .refuse(.badHandshakeMethod) }
        guard transport != .websocket || isUpgrade else { return .refuse(.badRequest(.transportHandshakeError)) }
        return .newSession(transport)
    }

    /// The revision of a session that begins: 4 if `EIO` is `4`, otherwise 3, which may be refused.
    public func version(of query: EngineQuery) throws(EngineRefusal) -> EngineVersion {
        let version = Self.requestedVersion(query)
        guard version == .v4 || self.allowsVersion3 else { throw .unsupportedVersion }
        return version
    }

    /// WebTransport has no requests of this kind, and a WebSocket can only be asked for by its name
    /// (CVE-2023-31125).
    private func transport(of query: EngineQuery, isUpgrade: Bool) -> EngineTransport? {
        guard let transport = query.transport.flatMap(EngineTransport.init(rawValue:)),
            self.transports.contains(transport)
        else { return nil }
        switch transport {
        case .polling: return isUpgrade ? nil : transport
        case .websocket: return transport
        case .webtransport: return nil
        }
    }

    private static func check(
        _ query: EngineQuery, _ transport: EngineTransport, isUpgrade: Bool, _ session: Session
    ) -> Decision {
        guard isUpgrade else {
            guard transport == session.transport else { return .refuse(.badRequest(.transportMismatch)) }
            guard transport == .polling else { return .refuse(.badRequest(.transportHandshakeError)) }
            return .poll
        }
        // A WebSocket of another revision would be read by the wrong rules (CVE-2026-102599).
        guard self.requestedVersion(query) == session.version else { return .refuse(.unsupportedVersion) }
        return .upgrade
    }

    private static func requestedVersion(_ query: EngineQuery) -> EngineVersion {
        query.version == "4" ? .v4 : .v3
    }

    /// Whether a header value holds no control characters, the tab aside (RFC 9110 §5.5).
    private static func isHeaderText(_ value: String) -> Bool {
        value.utf8.allSatisfy { $0 >= 0x20 && $0 != 0x7F || $0 == 0x09 }
    }
}
