// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: Hibiki contributors

package import NIOCore

/// A ``DeadlineWheel`` that turns as long as somebody has a deadline. Bound to its event loop.
package final class DeadlineTimer<Holder: DeadlineHolder> {
    private let eventLoop: any EventLoop
    private var wheel: DeadlineWheel<Holder>
    private var isTurning = false

    package init(eventLoop: any EventLoop) {
        self.eventLoop = eventLoop
        self.wheel = DeadlineWheel(at: .now())
    }

    /// Everybody who has a deadline.
    package var holders: [Holder] { self.wheel.holders }

    package func set(_ deadline: NIODeadline, for holder: Holder) {
        self.wheel.set(deadline, for: holder)
        guard !self.isTurning else { return }
        self.isTurning = true
        self.scheduleTick()
    }

    package func remove(_ holder: Holder) {
        self.wheel.remove(holder)
    }

    private func scheduleTick() {
        self.eventLoop.assumeIsolated().scheduleTask(in: DeadlineWheel<Holder>.tick) { self.tick() }
    }

    private func tick() {
        let now = NIODeadline.now()
        for holder in self.wheel.advance(to: now) {
            holder.deadlinePassed(at: now)
        }
        if self.wheel.count > 0 {
            self.scheduleTick()
        } else {
            self.isTurning = false
        }
    }
}

@available(*, unavailable)
extension DeadlineTimer: Sendable {}
