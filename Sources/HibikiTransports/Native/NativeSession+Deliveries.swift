// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: Hibiki contributors

import HibikiMessaging
import HibikiWire
import NIOCore

extension NativeSession: Subscriber {
    func deliver(_ batch: DeliveryBatch, of subscription: Subscription) {
        guard let socket = self.socket else { return }
        switch self.gate.verdict(batch, hasRoom: socket.connection.isWritable) {
        case .write:
            socket.send(sharedFrames: batch.bytes(in: self.format), count: batch.deliveries.count)
        case .skip:
            self.loop.counters.drop(batch)
        case .tooSlow:
            self.follower.unfollowAll(loop: self.loop)
            socket.close(.slowReader)
        }
    }

    func receive(_ delivery: SignalDelivery) {
        // Signals are kept by nobody, so one that finds no room is lost.
        guard let socket = self.socket, self.mayHear(delivery.signal) else { return }
        guard socket.connection.isWritable else {
            self.loop.counters.drops.signals += 1
            return
        }
        socket.send(sharedFrames: delivery.bytes(in: self.format), count: 1)
    }

    func evict(_ principal: String, from topic: Topic) {
        guard self.principal.isCalled(principal), self.unsubscribe(from: topic) else { return }
        self.socket?.connection.flushAndProceed()
    }

    /// What is for everybody is not for those who have yet to show a token.
    private func mayHear(_ signal: Signal) -> Bool {
        switch signal.kind {
        case .broadcast: !self.principal.isAnonymous || !self.loop.hub.access.requiresToken
        case .direct: true
        case .topic: signal.event != nil && (signal.from == nil || signal.from != self.clientID)
        }
    }

    // MARK: Catching up

    func becameWritable() {
        for publication in self.gate.takeWaiting() {
            self.send { self.encoding.writeEvent(EventFields(publication), to: &$0) }
        }
        self.catchUp()
    }

    func catchUp() {
        guard let socket = self.socket, self.follower.isBehind else { return }
        self.follower.catchUp(self, loop: self.loop) {
            socket.isOpen && socket.connection.isWritable
        } emit: { publication in
            self.send { self.encoding.writeEvent(EventFields(publication), to: &$0) }
        } gap: { topic, position in
            self.send { self.encoding.writeGap(topic: topic.name, position: position.description, to: &$0) }
        }
    }
}
