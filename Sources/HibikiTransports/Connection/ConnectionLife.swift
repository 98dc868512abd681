// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: Hibiki contributors

import HibikiMessaging
import Logging
import NIOCore

/// What is said about a connection when it has ended: one line of the log. Counting for it adds to numbers, and nothing else.
struct ConnectionLife {
    enum Ender: String {
        case client, server
        /// The network, or whatever else made reading or writing fail.
        case failure
    }

    /// Ties the lines about a connection together: the number of its event loop, and one that counts the connections there.
    let id: ConnectionID
    let began: NIODeadline
    /// Read when it begins, because a closed channel has forgotten it.
    let address: SocketAddress?
    var bytesIn: UInt64 = 0
    /// Requests, or messages of a WebSocket.
    var messagesIn: UInt64 = 0
    /// Answers, events of a stream, or messages of a WebSocket.
    var messagesOut: UInt64 = 0
    /// What it has spoken last.
    var transport = ConnectionKind.http
    /// The route of its last request.
    var route = RequestLabel.none
    /// The name by which other clients know it.
    var client: ClientID?
    private(set) var ender: Ender?
    private(set) var closeCode: UInt16?

    init(id: ConnectionID, address: SocketAddress?, at now: NIODeadline) {
        self.id = id
        self.address = address
        self.began = now
    }

    /// Who has begun to end it. Only the first says so: what follows is the consequence.
    mutating func ends(by ender: Ender) {
        if self.ender == nil { self.ender = ender }
    }

    mutating func closes(with code: UInt16) {
        self.closeCode = code
    }

    /// - Parameter client: the address of whom a proxy has spoken for.
    func metadata(client: String?, bytesOut: UInt64, at now: NIODeadline) -> Logger.Metadata {
        var metadata: Logger.Metadata = [
            "connection": .stringConvertible(self.id),
            "transport": "\(self.transport.rawValue)",
            "route": "\(self.route.text)",
            "address": "\(client ?? self.address?.ipAddress ?? "")",
            "milliseconds": .stringConvertible((now - self.began).nanoseconds / 1_000_000),
            "bytesIn": .stringConvertible(self.bytesIn),
            "bytesOut": .stringConvertible(bytesOut),
            "messagesIn": .stringConvertible(self.messagesIn),
            "messagesOut": .stringConvertible(self.messagesOut),
            "closedBy": "\((self.ender ?? .client).rawValue)",
        ]
        if let code = self.closeCode { metadata["closeCode"] = .stringConvertible(code) }
        if let id = self.client { metadata["client"] = "\(id)" }
        return metadata
    }
}

/// Names a connection in the log, within one run of the server.
public struct ConnectionID: Hashable, Sendable {
    /// One word for both, because every connection has one: the loop in the highest byte, of which ``HibikiMessaging/Hub/maximumLoops``
    /// needs less.
    package let bits: UInt64
    private static let numberBits: UInt64 = 56

    init(loop: Int, number: UInt64) {
        self.bits = UInt64(truncatingIfNeeded: loop) << Self.numberBits | number & (1 << Self.numberBits - 1)
    }

    /// Reads the text form; `nil` for anything else.
    public init?(_ text: String) {
        let parts = text.utf8.split(separator: UInt8(ascii: "."), omittingEmptySubsequences: false)
        guard parts.count == 2, let loop = parts.first.flatMap({ Int(Substring($0)) }),
            let number = parts.last.flatMap({ UInt64(Substring($0)) })
        else { return nil }
        self.init(loop: loop, number: number)
        // What has not fitted has changed.
        guard self.description == text else { return nil }
    }

    var loop: Int { Int(truncatingIfNeeded: self.bits >> Self.numberBits) }
    var number: UInt64 { self.bits & (1 << Self.numberBits - 1) }
}

extension ConnectionID: CustomStringConvertible {
    public var description: String { "\(self.loop).\(self.number)" }
}
