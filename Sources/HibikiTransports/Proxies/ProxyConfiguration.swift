// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: Hibiki contributors

/// The proxies in front of the server, whose word counts about whom a request comes from.
public struct ProxyConfiguration: Sendable, Hashable {
    /// Where a proxy writes the address of its client. Only one of them is read: a proxy passes the other on as a client wrote it.
    public enum Field: String, CaseIterable, Sendable {
        /// `X-Forwarded-For`, and `X-Forwarded-Proto` for the scheme.
        case xForwardedFor = "x-forwarded-for"
        /// `Forwarded` (RFC 7239).
        case forwarded
    }

    /// Addresses of the proxies. Default none: what is said about a client is not believed.
    public var trusted: [AddressRange] = []
    /// Default `X-Forwarded-For`.
    public var field = Field.xForwardedFor
    /// Whether every connection begins with a header of the PROXY protocol, version 1 or 2. Then only trusted proxies may
    /// connect. Default off.
    public var speaksProxyProtocol = false

    public init() {}

    func trusts(_ address: NetworkAddress) -> Bool {
        self.trusted.contains { $0.contains(address) }
    }
}
