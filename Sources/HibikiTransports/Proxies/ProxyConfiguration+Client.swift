// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: Hibiki contributors

extension ProxyConfiguration {
    /// Whom a request comes from that has come over a connection of `peer`.
    ///
    /// The list of hops is read from its end as long as it names trusted proxies, because a client can write what it likes before
    /// that. A hop that cannot be read ends it: the request counts as one of the proxy that has written it.
    ///
    /// - Returns: `nil` if the peer is not trusted; then nothing of what the request says about that is believed.
    func client(of head: RequestHead, from peer: NetworkAddress) -> (address: NetworkAddress, scheme: RequestScheme?)? {
        guard self.trusts(peer) else { return nil }
        var address = peer
        var scheme = self.field == .xForwardedFor ? self.scheme(head) : nil
        var hops = ForwardedList(self.field, self.lines(head))
        while self.trusts(address), let hop = hops.popLast() {
            if self.field == .forwarded { scheme = hop.scheme }
            guard let next = hop.address else { break }
            address = next
        }
        return (address, scheme)
    }

    private func lines(_ head: RequestHead) -> [String] {
        switch self.field {
        case .xForwardedFor: head.values("x-forwarded-for")
        case .forwarded: head.values("forwarded")
        }
    }

    /// The last value is the nearest proxy's.
    private func scheme(_ head: RequestHead) -> RequestScheme? {
        let values = head.values("x-forwarded-proto").last?.split(separator: ",", omittingEmptySubsequences: false)
        return values?.last.flatMap { RequestScheme(String($0.trimmingSpaces())) }
    }
}
