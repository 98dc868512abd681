// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: Hibiki contributors

import HibikiMessaging
import HibikiSocketIOCodec
import HibikiWire
package import NIOCore
import Synchronization

/// What all event loops of a namespace share.
final class NamespaceContext: Sendable {
    let topic: Topic
    let hub: Hub
    let configuration: NamespaceRooms.Configuration
    let census: RoomCensus?
    let sessions: (any SessionStore)?
    /// Names this node in what only its own members may get.
    let node: UInt64
    /// Says on bridged topics that a publication comes from this namespace, on whatever node.
    let origin: ClientID
    /// Only with recovery.
    let bridgeOrder: BridgeOrder?
    /// Whether a timer runs that makes old sessions go.
    let isExpiring = Atomic(false)

    init(
        topic: Topic, hub: Hub, configuration: NamespaceRooms.Configuration, sessions: (any SessionStore)?
    ) {
        self.topic = topic
        self.hub = hub
        self.configuration = configuration
        self.census = configuration.onRoomEvent.map(RoomCensus.init)
        self.sessions = sessions
        self.bridgeOrder = configuration.recovery == nil ? nil : BridgeOrder()
        var random = SystemRandomNumberGenerator()
        self.node = configuration.restored?.node ?? random.next()
        var numbers = CountingNumbers(last: topic.fingerprint)
        // A loop that no hub has: nobody can send a direct message to a namespace.
        self.origin = ClientID(loop: 255, using: &numbers)
    }

    var recovery: RecoveryOptions? { self.configuration.recovery }

    // MARK: Sending

    /// Takes an envelope to the members, through the log if it is one that can be recovered.
    func send(_ envelope: NamespaceEnvelope, key: String? = nil) {
        guard let payload = envelope.encoded() else { return }
        guard self.recovery != nil, envelope.takesOffset, !envelope.audience.isVolatile else {
            self.signal(payload, isLocal: envelope.node != nil)
            return
        }
        let draft = Draft(topic: self.topic, event: "emit", payload: payload, key: key)
        self.hub.publish(draft, at: self.configuration.now()) { result in
            // A log that is full keeps nobody from being told now.
            guard case .failure = result else { return }
            self.signal(payload, isLocal: envelope.node != nil)
        }
    }

    private func signal(_ payload: ByteBuffer, isLocal: Bool) {
        let signal = Signal(.topic(self.topic), from: nil, payload: payload, timestamp: self.configuration.now())
        if isLocal {
            self.hub.deliver(signal)
        } else {
            self.hub.send(signal)
        }
    }

    /// Publishes on the topics of those rooms that are bridged.
    func publish(toBridgesOf rooms: [String], _ event: () -> BridgedEvent?) {
        guard let bridge = self.configuration.bridge else { return }
        let topics = rooms.compactMap(bridge)
        guard !topics.isEmpty, let event = event(), event.payload.readableBytes <= self.hub.payloadBytes,
            (1...BridgedEvent.longestName).contains(event.name.utf8.count)
        else { return }
        for topic in Set(topics) {
            let draft = Draft(topic: topic, event: event.name, payload: event.payload, from: self.origin)
            self.hub.publish(draft, at: self.configuration.now()) { _ in }
        }
    }

    // MARK: Receiving

    /// What a publication of the namespace says; `nil` if it is for another node, or is nothing that a namespace sends.
    func message(of delivery: Delivery) -> RoomMessage? {
        delivery.memo(of: self) {
            let publication = delivery.publication
            let position = self.recovery.map { ($0.splice, publication.position.description) }
            return self.message(publication.payload, position)
        }
    }

    func message(of delivery: SignalDelivery) -> RoomMessage? {
        delivery.memo(of: self) { self.message(delivery.signal.payload, nil) }
    }

    private func message(_ payload: ByteBuffer, _ position: (splice: OffsetSplice, text: String)?) -> RoomMessage? {
        guard let envelope = NamespaceEnvelope(payload), envelope.node == nil || envelope.node == self.node else {
            return nil
        }
        let packet = position.map { $0.splice(envelope.packet, $0.text) } ?? envelope.packet
        return RoomMessage(
            audience: envelope.audience, takesOffset: envelope.takesOffset,
            message: EngineMessage(packet, isCompressible: envelope.audience.isCompressible))
    }

    /// The event that a publication on a bridged topic is for members.
    func message(bridging publication: Publication) -> EngineMessage {
        self.message(publication.event, publication.payload)
    }

    func message(_ event: String, _ payload: ByteBuffer) -> EngineMessage {
        EngineMessage(self.configuration.encodeEvent(event, payload))
    }
}

/// A message that has been decoded, for all event loops.
struct RoomMessage: Sendable {
    let audience: Audience
    let takesOffset: Bool
    let message: EngineMessage
}

/// An event as other readers of a bridged topic see it.
package struct BridgedEvent: Sendable {
    /// 1 to 255 bytes; an event with another name does not cross the bridge.
    package var name: String
    /// The text of one JSON value.
    package var payload: ByteBuffer

    static let longestName = 255

    package init(name: String, payload: ByteBuffer) {
        self.name = name
        self.payload = payload
    }
}

/// Numbers that follow from the first, so that every node makes the same ones.
private struct CountingNumbers: RandomNumberGenerator {
    var last: UInt64

    mutating func next() -> UInt64 {
        self.last = self.last &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
        return self.last
    }
}
