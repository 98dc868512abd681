// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: Hibiki contributors

import HibikiMessaging
import HibikiWebSocketCodec

/// What a connection is at the moment, as it is counted.
package enum ConnectionKind: String, CaseIterable, Sendable {
    /// Requests and answers: between them, in the middle of one, or a poll that waits.
    case http
    case webSocket = "websocket"
    case eventStream = "sse"
    /// A connection of HTTP/2. Its streams are counted as what they are, like connections.
    case http2
    /// All is said; the peer has not closed yet.
    case closing
}

/// What answers to a request are counted under: a route, never a path that a client has made up.
package struct RequestLabel: Hashable, Sendable {
    package let text: String

    init(_ text: String) {
        self.text = text
    }

    /// A request that no route has seen.
    static let none = RequestLabel("none")
    /// A path that the service does not name.
    static let other = RequestLabel("other")
}

/// Counts of one event loop. Counting a message adds one to a number, and nothing else.
package struct TransportCounters: Sendable, Equatable {
    package struct Messages: Sendable, Equatable {
        package private(set) var text = 0
        package private(set) var binary = 0
        package private(set) var ping = 0
        package private(set) var pong = 0
        package private(set) var close = 0

        mutating func count(_ opcode: WebSocketOpcode, _ messages: Int = 1) {
            switch opcode {
            case .text: self.text &+= messages
            case .binary: self.binary &+= messages
            case .ping: self.ping &+= messages
            case .pong: self.pong &+= messages
            case .close: self.close &+= messages
            default: break
            }
        }

        mutating func count(_ event: WebSocketEvent) {
            switch event {
            case .text: self.text &+= 1
            case .binary: self.binary &+= 1
            case .ping: self.ping &+= 1
            case .pong: self.pong &+= 1
            case .close: self.close &+= 1
            }
        }

        mutating func add(_ other: Messages) {
            self.text &+= other.text
            self.binary &+= other.binary
            self.ping &+= other.ping
            self.pong &+= other.pong
            self.close &+= other.close
        }
    }

    /// A number for each kind of connection.
    package struct Connections: Sendable, Equatable {
        private var http = 0
        private var webSocket = 0
        private var eventStream = 0
        private var http2 = 0
        private var closing = 0

        package subscript(kind: ConnectionKind) -> Int {
            get {
                switch kind {
                case .http: self.http
                case .webSocket: self.webSocket
                case .eventStream: self.eventStream
                case .http2: self.http2
                case .closing: self.closing
                }
            }
            set {
                switch kind {
                case .http: self.http = newValue
                case .webSocket: self.webSocket = newValue
                case .eventStream: self.eventStream = newValue
                case .http2: self.http2 = newValue
                case .closing: self.closing = newValue
                }
            }
        }

        mutating func add(_ other: Connections) {
            for kind in ConnectionKind.allCases { self[kind] &+= other[kind] }
        }
    }

    /// What did not reach a reader whose queue was full.
    package struct Drops: Sendable, Equatable {
        /// Publications of topics that drop.
        package var publications = 0
        /// Publications of topics that keep the newest, which may go out later.
        package var replaceable = 0
        package var signals = 0
        /// Event streams that were closed instead.
        package var slowStreams = 0

        mutating func add(_ other: Drops) {
            self.publications &+= other.publications
            self.replaceable &+= other.replaceable
            self.signals &+= other.signals
            self.slowStreams &+= other.slowStreams
        }
    }

    package struct Answer: Hashable, Sendable {
        package var label: RequestLabel
        package var status: Int
    }

    /// Bytes that were read and written, without TLS and the frames of HTTP/2.
    package internal(set) var bytesIn: UInt64 = 0
    package internal(set) var bytesOut: UInt64 = 0
    package internal(set) var received = Messages()
    package internal(set) var sent = Messages()
    package internal(set) var drops = Drops()
    /// Connections that are open now, and that have become what they are since the start.
    package private(set) var open = Connections()
    package private(set) var opened = Connections()
    /// WebSockets that have ended, by code. A peer chooses among 1,000 codes, so those beyond the first 64 count as 0.
    package private(set) var closes: [UInt16: Int] = [:]
    package private(set) var answers: [Answer: Int] = [:]
    /// Requests that were not read to their end, by status.
    package private(set) var refusals: [Int: Int] = [:]
    package private(set) var recoveries = 0
    package private(set) var gaps = 0

    package init() {}

    mutating func change(from old: ConnectionKind?, to new: ConnectionKind?) {
        if let old { self.open[old] &-= 1 }
        guard let new else { return }
        self.open[new] &+= 1
        self.opened[new] &+= 1
    }

    private static let differentCodes = 64

    mutating func close(_ code: WebSocketCloseCode) {
        let isKnown = self.closes[code.rawValue] != nil || self.closes.count < Self.differentCodes
        self.closes[isKnown ? code.rawValue : 0, default: 0] += 1
    }

    mutating func answer(_ label: RequestLabel, _ status: Int) {
        self.answers[Answer(label: label, status: status), default: 0] += 1
    }

    mutating func refuse(_ status: Int) {
        self.answer(.none, status)
        self.refusals[status, default: 0] += 1
    }

    mutating func recover(isGap: Bool) {
        if isGap { self.gaps += 1 } else { self.recoveries += 1 }
    }

    mutating func drop(_ batch: DeliveryBatch) {
        switch batch.policy {
        case .drop: self.drops.publications &+= batch.publications.count
        case .latest: self.drops.replaceable &+= batch.publications.count
        case .close: break
        }
    }

    mutating func add(_ other: TransportCounters) {
        self.bytesIn &+= other.bytesIn
        self.bytesOut &+= other.bytesOut
        self.received.add(other.received)
        self.sent.add(other.sent)
        self.drops.add(other.drops)
        self.open.add(other.open)
        self.opened.add(other.opened)
        self.closes.merge(other.closes, uniquingKeysWith: +)
        self.answers.merge(other.answers, uniquingKeysWith: +)
        self.refusals.merge(other.refusals, uniquingKeysWith: +)
        self.recoveries += other.recoveries
        self.gaps += other.gaps
    }
}
