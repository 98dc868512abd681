// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: Hibiki contributors

public import HibikiWire
public import NIOCore

/// What joins nodes to one: it decides the order of publications and takes them to every node.
///
/// The contract, which `BrokerContract` in the tests holds every implementation to:
/// - ``publish(_:at:completion:)`` calls `completion` once. By then the publication is in the log, and every node that is
///   reachable has it or will get it.
/// - ``BrokerNode/deliver(_:)`` is called on every node for every publication, in the order of the offsets of its topic.
/// - Signals are not stored, and reach every node at most once.
public protocol Broker: Sendable {
    /// The log that readers of this node read.
    var log: any EventLog { get }

    /// Joins `node` to the others. Called once, before anything is published.
    func start(_ node: any BrokerNode) async throws

    /// - Parameter completion: may be called before the call returns, and on any thread.
    func publish(
        _ draft: Draft, at now: Timestamp, completion: @escaping @Sendable (Result<PublishReceipt, WireError>) -> Void
    )

    /// Takes a message that is not stored to every node.
    func send(_ signal: Signal)

    /// Leaves the others, after everything that was accepted has been handed on.
    func stop() async
}

/// One server, as a broker sees it.
public protocol BrokerNode: Sendable {
    func deliver(_ publication: Publication)
    func deliver(_ signal: Signal)
}

/// A message that no log keeps.
public struct Signal: Sendable {
    public enum Kind: Sendable, Hashable {
        /// To every connection but the sender's.
        case broadcast
        /// To one connection.
        case direct(ClientID)
        /// To the members of a topic, in order with what the same publisher publishes there.
        case topic(Topic)
    }

    public var kind: Kind
    /// For a topic: the name of an event that clients get as they get publications, without a position. `nil` for what members inside
    /// the server understand among themselves.
    public var event: String?
    /// The socket of Socket.IO that it comes from, which does not get it; `nil` for none.
    public var socket: String?
    public var from: ClientID?
    /// The text of one JSON value; for a topic, what its members understand.
    public var payload: ByteBuffer
    public var timestamp: Timestamp

    public init(_ kind: Kind, from: ClientID?, payload: ByteBuffer, timestamp: Timestamp) {
        self.kind = kind
        self.from = from
        self.payload = payload
        self.timestamp = timestamp
    }

    /// An event of a topic that no log keeps.
    public init(
        _ event: String, on topic: Topic, from: ClientID? = nil, socket: String? = nil, payload: ByteBuffer,
        timestamp: Timestamp
    ) {
        self.init(.topic(topic), from: from, payload: payload, timestamp: timestamp)
        self.event = event
        self.socket = socket
    }
}
