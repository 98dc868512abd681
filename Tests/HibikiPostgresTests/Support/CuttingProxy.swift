// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: Hibiki contributors

import Foundation
import HibikiTestSupport
import Synchronization

/// Stands between a client and a server, and cuts connections at a chosen moment.
final class CuttingProxy: Sendable {
    enum Cut: Int, Sendable {
        /// None: all bytes go both ways.
        case none
        /// The next bytes of a client do not arrive, and its connection is cut.
        case request
        /// The next bytes of the server do not arrive, and that connection is cut: the server has done what it was asked.
        case reply
    }

    let port: Int
    private let listener: Int32
    private let target: Int
    private let cut = Mutex(Cut.none)

    init(to target: Int) throws {
        (self.listener, self.port) = try Loopback.bind()
        self.target = target
        guard listen(self.listener, 32) == 0 else { throw PostgresServer.Problem.failed("listen") }
        Thread.detachNewThread { self.accept() }
    }

    /// Cuts one connection, and forwards again from then on.
    func next(_ cut: Cut) {
        self.cut.withLock { $0 = cut }
    }

    func close() {
        shutdown(self.listener, Int32(SHUT_RDWR))
        Foundation.close(self.listener)
    }

    private func accept() {
        while true {
            let client = Foundation.accept(self.listener, nil, nil)
            guard client >= 0 else { return }
            guard let server = try? Loopback.connect(to: self.target) else {
                Foundation.close(client)
                continue
            }
            // Two threads share the two sockets: both end when one direction does, and the last one closes.
            let pair = Pair(client: client, server: server)
            Thread.detachNewThread { self.pump(from: client, to: server, .request, pair) }
            Thread.detachNewThread { self.pump(from: server, to: client, .reply, pair) }
        }
    }

    private final class Pair: Sendable {
        let client: Int32
        let server: Int32

        init(client: Int32, server: Int32) {
            (self.client, self.server) = (client, server)
        }

        func cut() {
            shutdown(self.client, Int32(SHUT_RDWR))
            shutdown(self.server, Int32(SHUT_RDWR))
        }

        deinit {
            Foundation.close(self.client)
            Foundation.close(self.server)
        }
    }

    private func pump(from source: Int32, to target: Int32, _ direction: Cut, _ pair: Pair) {
        var bytes = [UInt8](repeating: 0, count: 65_536)
        while true {
            let count = recv(source, &bytes, bytes.count, 0)
            let isCut = self.cut.withLock { cut in
                guard cut == direction else { return false }
                cut = .none
                return true
            }
            guard count > 0, !isCut, self.sendAll(bytes.prefix(count), to: target) else { return pair.cut() }
        }
    }

    private func sendAll(_ bytes: ArraySlice<UInt8>, to target: Int32) -> Bool {
        var rest = bytes
        while !rest.isEmpty {
            let count = rest.withUnsafeBytes { send(target, $0.baseAddress, $0.count, Int32(MSG_NOSIGNAL)) }
            guard count > 0 else { return false }
            rest = rest.dropFirst(count)
        }
        return true
    }
}
