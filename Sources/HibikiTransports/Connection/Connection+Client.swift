// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: Hibiki contributors

import NIOCore

/// Who stands behind a connection, where that is somebody else than its socket says.
final class ConnectionClient {
    /// Who has opened the connection, as the PROXY protocol tells; `nil` without it.
    let peer: NetworkAddress?
    /// Whom the request comes from that is worked on.
    let address: NetworkAddress
    let text: String
    let scheme: RequestScheme?

    init(peer: NetworkAddress?, address: NetworkAddress, scheme: RequestScheme?) {
        self.peer = peer
        self.address = address
        self.text = "\(address)"
        self.scheme = scheme
    }
}

extension Connection {
    /// Whom the connection comes from, or the request that is worked on, without the port.
    package var remoteAddress: String { self.client?.text ?? self.socketAddress?.ipAddress ?? "" }

    /// How the client has reached the server; `nil` if that is not known, because a proxy may stand in front that is not trusted.
    package var scheme: RequestScheme? { self.client?.scheme ?? (self.flags.contains(.secure) ? .https : nil) }

    /// Takes note of what the PROXY protocol says about the connection.
    ///
    /// - Returns: whether there is room for another connection of that address. If not, the connection ends.
    func speaks(for address: NetworkAddress) -> Bool {
        self.client = ConnectionClient(peer: address, address: address, scheme: nil)
        do throws(Admission.Refusal) {
            try self.move(to: address, isNew: true)
            return true
        } catch {
            self.close()
            return false
        }
    }

    /// Whether the requests of many clients come over the connection.
    var isShared: Bool { self.client.map { $0.peer == nil } ?? false }

    /// Finds out whom a request comes from. A proxy may send those of many clients over one connection.
    ///
    /// - Throws: if there is no room for another connection of that address.
    func identify(_ head: RequestHead) throws(RequestRefusal) {
        guard !self.loop.configuration.proxies.trusted.isEmpty else { return }
        guard let peer = self.client?.peer ?? NetworkAddress(self.socketAddress),
            let (address, scheme) = self.loop.configuration.proxies.client(of: head, from: peer)
        else { return }
        if self.client?.address == address, self.client?.scheme == scheme { return }
        let isNew = self.client == nil
        self.client = ConnectionClient(peer: self.client?.peer, address: address, scheme: scheme)
        do throws(Admission.Refusal) {
            try self.move(to: address, isNew: isNew)
        } catch {
            throw RequestRefusal(error)
        }
    }
}
