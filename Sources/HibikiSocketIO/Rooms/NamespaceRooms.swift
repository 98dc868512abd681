// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: Hibiki contributors

package import HibikiMessaging
package import HibikiSocketIOCodec
package import HibikiWire
package import NIOCore

/// The rooms of one namespace, over all event loops of this node and, through the broker, over all nodes.
///
/// All of it may be called from any thread. What one caller does takes effect in the order of the calls: a join is in
/// effect for an emit that follows it.
///
/// The namespace is a topic of the hub. An emit is a signal on that topic, or a publication if it can be recovered, and
/// reaches each event loop once; there it goes to the members, who belong to one loop each, without a lock.
package final class NamespaceRooms: Sendable {
    package struct Configuration: Sendable {
        /// Off (`nil`) by default: an application sees the offset as one more argument of each event.
        package var recovery: RecoveryOptions?
        /// Where sessions are kept; `nil` for a ``MemorySessionStore``. Only with recovery.
        package var sessions: (any SessionStore)?
        /// What the namespace had when the server was stopped; `nil` if it begins anew. Only with recovery.
        package var restored: SavedNamespace?
        /// Which room is also a topic of the hub. By default none. Asked on any thread.
        package var bridge: (@Sendable (String) -> Topic?)?
        /// What happens to rooms on this node. Called on any thread.
        package var onRoomEvent: (@Sendable (RoomEvent) -> Void)?
        /// Makes the packet of an event that comes from a bridged topic, from its name and the JSON text of its argument.
        package var encodeEvent: @Sendable (_ event: String, _ argument: ByteBuffer) -> EncodedPacket
        package var now: @Sendable () -> Timestamp

        package init(
            recovery: RecoveryOptions? = nil, sessions: (any SessionStore)? = nil, restored: SavedNamespace? = nil,
            bridge: (@Sendable (String) -> Topic?)? = nil, onRoomEvent: (@Sendable (RoomEvent) -> Void)? = nil,
            encodeEvent: @escaping @Sendable (_ event: String, _ argument: ByteBuffer) -> EncodedPacket,
            now: @escaping @Sendable () -> Timestamp
        ) {
            self.recovery = recovery
            self.sessions = sessions
            self.restored = restored
            self.bridge = bridge
            self.onRoomEvent = onRoomEvent
            self.encodeEvent = encodeEvent
            self.now = now
        }
    }

    package let namespace: String
    let context: NamespaceContext
    private let loops: [NIOLoopBoundBox<NamespaceLoop?>]

    /// - Parameter namespace: `/` or `/name`.
    /// - Throws: `invalid_topic` if the name has more than 244 bytes, or control characters.
    package init(namespace: String, hub: Hub, configuration: Configuration) throws(WireError) {
        self.namespace = namespace
        let sessions = configuration.recovery.map { recovery -> any SessionStore in
            configuration.sessions ?? MemorySessionStore(window: recovery.window, limit: recovery.sessions)
        }
        self.context = NamespaceContext(
            topic: try Topic(reserved: RecoveryOptions.topicPrefix + namespace.dropFirst()), hub: hub,
            configuration: configuration, sessions: sessions)
        self.loops = (0..<hub.loopCount).compactMap { number in
            hub.eventLoop(number).map { .makeEmptyBox(valueType: NamespaceLoop.self, eventLoop: $0) }
        }
    }

    private var hub: Hub { self.context.hub }

    /// Begins on every event loop. What is called afterwards finds it begun.
    package func start() {
        let newest = self.hub.route(self.context.topic, at: self.context.configuration.now())
        for (number, box) in self.loops.enumerated() {
            self.hub.post(to: number) { [context] loopHub in
                if box.value == nil {
                    box.value = NamespaceLoop(context, loopHub, after: newest)
                }
            }
        }
    }

    /// Brings back what was saved. To be called after ``start()``, once.
    ///
    /// One event loop is enough for the bridges: it takes the events over for all.
    package func restore() {
        guard let saved = self.context.configuration.restored, let eventLoop = self.hub.eventLoop(0) else { return }
        for session in saved.sessions {
            self.context.keep(session, expiringOn: eventLoop)
        }
        self.run(on: 0) { loop in
            for (room, position) in saved.crossings { loop?.reopenBridge(of: room.text, after: position) }
        }
    }

    /// What is kept of the namespace, once its members have gone; `nil` without recovery.
    package func saved() async -> SavedNamespace? {
        guard let sessions = self.context.sessions else { return nil }
        // Those who go are taken out on their event loops.
        _ = await self.gather(Audience()) { _ -> Bool? in nil }
        var saved = SavedNamespace(name: self.namespace, node: self.context.node)
        saved.crossings = self.context.bridgeOrder?.positions ?? [:]
        saved.sessions = sessions.sessions(at: self.context.configuration.now())
        return saved
    }

    /// Ends on every event loop, and forgets all members.
    package func stop() {
        for (number, box) in self.loops.enumerated() {
            self.hub.post(to: number) { _ in
                box.value?.stop()
                box.value = nil
            }
        }
    }

    // MARK: Sending

    /// Sends to all members of an audience, on every node.
    ///
    /// - Parameters:
    ///   - takesOffset: whether it is an event without an ack id. With recovery, only those are kept and end with an offset.
    ///   - bridged: what readers of bridged topics get; asked only if the audience names a bridged room.
    package func broadcast(
        _ packet: EncodedPacket, to audience: Audience, takesOffset: Bool = true,
        bridged: () -> BridgedEvent? = { nil }
    ) {
        self.context.send(
            NamespaceEnvelope(
                audience: audience, packet: packet, takesOffset: takesOffset,
                node: audience.isLocal ? self.context.node : nil))
        if !audience.isLocal {
            self.context.publish(toBridgesOf: audience.rooms, bridged)
        }
    }

    /// Sends to one member, after everything that this caller has sent before to it or to its rooms.
    package func send(
        _ packet: EncodedPacket, to seat: RoomSeat, isVolatile: Bool = false, isCompressible: Bool = true,
        takesOffset: Bool = true
    ) {
        if self.context.recovery != nil, takesOffset {
            let audience = Audience(rooms: [seat.id], isVolatile: isVolatile, isCompressible: isCompressible)
            return self.broadcast(packet, to: audience)
        }
        let message = EngineMessage(packet, isCompressible: isCompressible)
        self.perform(seat) { loop, entry in
            loop?.delivering { entry?.member.deliver(EngineBatch([message], isVolatile: isVolatile)) }
        }
    }

    /// Whether the caller may write to the member's connection itself, here and now: it is on the member's event loop, and
    /// nothing that was sent earlier is still on its way. Never for what takes an offset.
    package func isDirect(_ seat: RoomSeat, takesOffset: Bool = true) -> Bool {
        guard !takesOffset || self.context.recovery == nil, let loop = self.idleLoop(seat.loop),
            !loop.isExpecting(seat)
        else { return false }
        loop.settle()
        return true
    }

    // MARK: Event loops

    /// The part on an event loop, if the caller is there and what it does now would overtake nothing.
    private func idleLoop(_ number: Int) -> NamespaceLoop? {
        guard self.loops.indices.contains(number) else { return nil }
        let box = self.loops[number]
        guard box.eventLoop.inEventLoop, let loop = box.value, loop.isIdle else { return nil }
        return loop
    }

    /// Runs a task where the member is: at once if nothing is on its way there, or after what is.
    func perform(_ seat: RoomSeat, _ task: @escaping @Sendable (NamespaceLoop?, MemberEntry?) -> Void) {
        if let loop = self.idleLoop(seat.loop) {
            return loop.perform(seat, task)
        }
        seat.posting { number in
            self.post(to: number) { loop in
                guard let loop else { return task(nil, nil) }
                loop.perform(seat, task)
            }
        }
    }

    /// Runs `body` on an event loop: at once if nothing is on its way there, or after what is.
    func run(on number: Int, _ body: @escaping @Sendable (NamespaceLoop?) -> Void) {
        if let loop = self.idleLoop(number) {
            loop.settle()
            return body(loop)
        }
        self.post(to: number, body)
    }

    private func post(to number: Int, _ body: @escaping @Sendable (NamespaceLoop?) -> Void) {
        guard self.loops.indices.contains(number) else { return body(nil) }
        let box = self.loops[number]
        self.hub.post(to: number) { _ in
            box.value?.settle()
            body(box.value)
        }
    }

    /// Begins a move on both loops at the same place in the namespace's order.
    func beginMove(_ seat: RoomSeat, from old: Int, to new: Int) {
        guard self.loops.indices.contains(old), self.loops.indices.contains(new) else { return }
        let (oldLoop, newLoop, hub) = (self.loops[old], self.loops[new], self.hub)
        let release: @Sendable (LoopHub) -> Void = { _ in
            let finish: MemberTask = { loop, entry in
                let departure = entry.flatMap { loop?.release($0) }
                hub.post(to: new) { _ in newLoop.value?.complete(seat, departure) }
            }
            guard let loop = oldLoop.value else { return finish(nil, nil) }
            loop.perform(seat, finish)
        }
        let expect: @Sendable (LoopHub) -> Void = { _ in newLoop.value?.expect(seat) }
        // In this order, since the old loop answers the new one at once.
        hub.postTogether(in: self.context.topic, to: new, expect, and: old, release)
    }

    /// Runs `ask` on every event loop at the same place in the namespace's order, and hands all answers on together.
    func askAll<Answer: Sendable>(
        _ ask: @escaping @Sendable (NamespaceLoop, @escaping (Answer) -> Void) -> Void,
        completion: @escaping @Sendable ([Answer]) -> Void
    ) {
        let answers = Answers(expected: self.loops.count, completion: completion)
        let loops = self.loops
        self.hub.postToAll(in: self.context.topic) { loopHub in
            guard loops.indices.contains(loopHub.number), let loop = loops[loopHub.number].value else {
                return answers.add(nil)
            }
            loop.settle()
            ask(loop) { answers.add($0) }
        }
    }
}
