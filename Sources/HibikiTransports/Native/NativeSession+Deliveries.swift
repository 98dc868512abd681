// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: Hibiki contributors

import HibikiMessaging
import HibikiWire
import NIOCore

extension NativeSession: Subscriber {
    func deliver(_ batch: DeliveryBatch, of subscription: Subscription) {
        guard let socket = self.socket else { return }
        let hasRoom = socket.connection.isWritable
        switch self.gate.verdict(batch, of: subscription.topic, in: self.format, hasRoom: hasRoom) {
        case .write(let frames):
            socket.send(sharedFrames: frames)
            self.needsFlush()
        case .skip:
            break
        case .tooSlow:
            self.follower.unfollowAll(loop: self.loop)
            socket.close(.slowReader)
            self.needsFlush()
        }
    }

    func receive(_ delivery: SignalDelivery) {
        // Signals are kept by nobody, so one that finds no room is lost.
        guard let socket = self.socket, socket.connection.isWritable else { return }
        socket.send(sharedFrames: delivery.bytes(in: self.format))
        self.needsFlush()
    }

    func flush() {
        self.socket?.connection.flushNow()
    }

    private func needsFlush() {
        if self.socket?.connection.markDirty() ?? false {
            self.loop.members.needsFlush(self)
        }
    }

    // MARK: Catching up

    func becameWritable() {
        for frames in self.gate.takeWaiting() {
            self.socket?.send(sharedFrames: frames)
            self.needsFlush()
        }
        self.catchUp()
    }

    func catchUp() {
        guard let socket = self.socket, self.follower.isBehind else { return }
        self.follower.catchUp(self, loop: self.loop) {
            socket.isOpen && socket.connection.isWritable
        } emit: { publication in
            self.send { $0.writeEventMessage(EventFields(publication), type: true) }
        } gap: { topic, position in
            self.send { $0.writeGap(topic: topic.name, position: position.description) }
        }
    }
}
