// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: Hibiki contributors

import HibikiSocketIOCodec
import HibikiWire
import NIOCore
import Synchronization

extension Socket {
    /// There is nothing left to come back to.
    struct NotRestored: Error {}

    /// Tells the client that it is in, and lets rooms know it.
    ///
    /// The reply is queued before anybody else can reach the socket: whatever is emitted comes after it.
    ///
    /// - Returns: `false` if the client has gone meanwhile.
    func enter() -> Bool {
        // One that has come back is in already.
        guard self.state.withLock({ $0.seat == nil }) else { return self.connected }
        self.watchToken()
        guard let rooms = self.namespace.rooms, self.client.admit(self) else {
            self.namespace.stoppedJoining()
            return false
        }
        self.client.connection.send(EngineMessage(self.connectPacket), isVolatile: false)
        let loop = self.client.connection.loopNumber
        let early = self.state.withLock { Array($0.rooms) }
        let seat = rooms.add(self, loop: loop, rooms: early.map(\.text))
        self.take(seat, on: loop, in: rooms)
        // Those that somebody has put it into between the two.
        let missing = self.state.withLock { $0.rooms.subtracting(early) }
        if !missing.isEmpty { rooms.join(seat, missing.map(\.text)) }
        self.beginEmitting()
        return true
    }

    private var connectPacket: EncodedPacket {
        self.namespace.server.format.connect(
            namespace: self.namespace.name, id: self.id, privateID: self.privateID, version: self.client.version)
    }

    /// Continues the session that the client has lost: the reply, and then what it missed.
    ///
    /// The original sends the reply last. Its clients keep events that come before the reply and take no note of their offsets,
    /// so that a cut between the two would make them come twice.
    func restore(_ recovery: Joining.Recovery) async throws {
        guard let rooms = self.namespace.rooms else { throw NotRestored() }
        let loop = self.client.connection.loopNumber
        let session = await self.allowed(recovery.session)
        self.watchToken()
        let isRestored = await withCheckedContinuation { (continuation: CheckedContinuation<Bool, Never>) in
            let roomGuard = self.namespace.roomGuard
            rooms.restore(self, loop: loop, session: session, offset: recovery.offset) { room in
                roomGuard?.mayStayIn(self, room) ?? true
            } completion: { restored in
                guard let restored else { return continuation.resume(returning: false) }
                self.resume(restored, on: loop, in: rooms)
                continuation.resume(returning: true)
            }
        }
        guard isRestored else { throw NotRestored() }
    }

    /// The session without the rooms that the socket may no longer be in.
    private func allowed(_ session: StoredSession) async -> StoredSession {
        var session = session
        if let mayRecover = self.namespace.recovery?.mayRecover {
            session.memberships.removeAll { !mayRecover(self, $0.room) }
        }
        guard let mayBeIn = self.namespace.roomGuard?.mayBeIn else { return session }
        for membership in session.memberships where membership.room != self.id {
            if await !mayBeIn(self, membership.room) { session.memberships.removeAll { $0 == membership } }
        }
        return session
    }

    /// Called on the event loop, before anything else is delivered.
    private func resume(_ restored: Restored, on loop: Int, in rooms: NamespaceRooms) {
        self.state.withLock { $0.rooms = Set(restored.rooms.map(ExactString.init)).subtracting([ExactString(self.id)]) }
        guard self.client.admit(self) else { return self.take(restored.seat, on: loop, in: rooms) }
        self.client.connection.send(EngineMessage(self.connectPacket), isVolatile: false)
        for packet in restored.missed {
            self.client.connection.send(EngineMessage(packet), isVolatile: false)
        }
        self.take(restored.seat, on: loop, in: rooms)
        self.beginEmitting()
    }

    private func take(_ seat: RoomSeat, on loop: Int, in rooms: NamespaceRooms) {
        let (hasEnded, isRecoverable) = self.state.withLock { state in
            state.place = Place(seat, in: rooms)
            guard state.phase != .ended else { return (true, state.isRecoverable) }
            state.phase = .connected
            return (false, false)
        }
        guard !hasEnded else {
            // What could not be handed to the client is there for its next attempt, and so is one that has lost its connection
            // right after the reply.
            rooms.remove(seat, keeping: self.recovered || isRecoverable ? self.leavingSession : nil)
            self.namespace.stoppedJoining()
            return
        }
        self.namespace.joined(self)
        self.namespace.stoppedJoining()
        // The connection may have changed its loop before the seat was there to be moved.
        let now = self.client.connection.loopNumber
        if now != loop { rooms.move(seat, to: now) }
    }

    private func beginEmitting() {
        let early = self.state.withLock { state in
            defer { state.earlyEmits = [] }
            return state.earlyEmits
        }
        for emit in early { emit(self) }
    }

    /// The connection is with another event loop now.
    func moved(toLoop loop: Int) {
        guard let seat = self.state.withLock({ $0.seat }) else { return }
        self.namespace.rooms?.move(seat, to: loop)
    }

    func refuse(with error: any Error) {
        self.state.withLock { $0.phase = .ended }
        self.client.refuse(self, with: error)
        self.state.withLock { $0.forgetHandlers() }
    }

    /// The session could not be continued: the client gets a new socket.
    func joinAnew() {
        self.state.withLock { state in
            state.phase = .ended
            state.forgetHandlers()
        }
        self.client.joinAnew(instead: self)
    }
}
