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
        /// As `reply`, with the words of a pooler that has lost its server: FATAL, 08P01.
        case poolerReply

        var direction: Cut { self == .poolerReply ? .reply : self }
    }

    /// An ErrorResponse of the protocol.
    private static let poolerWords: [UInt8] = {
        let fields = Array("SFATAL\0VFATAL\0C08P01\0Mserver conn crashed?\0\0".utf8)
        return [UInt8(ascii: "E"), 0, 0, 0, UInt8(fields.count + 4)] + fields
    }()

    let port: Int
    private let listener: Int32
    private let target: Int
    private let cut = Mutex(Cut.none)
    private let silent = Atomic(false)

    /// No byte arrives, and no connection ends: the way of a router that is gone. What was swallowed is not made up for.
    var isSilent: Bool {
        get { self.silent.load(ordering: .acquiring) }
        set { self.silent.store(newValue, ordering: .releasing) }
    }

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
            let cut = self.cut.withLock { cut in
                guard cut.direction == direction else { return Cut.none }
                defer { cut = .none }
                return cut
            }
            if count > 0, self.isSilent { continue }
            if cut == .poolerReply { _ = self.sendAll(Self.poolerWords[...], to: target) }
            guard count > 0, cut == .none, self.sendAll(bytes.prefix(count), to: target) else { return pair.cut() }
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
