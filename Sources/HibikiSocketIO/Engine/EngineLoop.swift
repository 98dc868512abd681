// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: Hibiki contributors

import HibikiMessaging
import HibikiTransports
import NIOCore

/// What the sessions that began on one event loop share there: the clock of their deadlines.
final class EngineLoop: Sendable {
    let number: Int
    let eventLoop: any EventLoop
    private let timer: NIOLoopBound<DeadlineTimer<SessionDeadline>>

    /// To be called on the event loop.
    init(_ loop: TransportLoop) {
        self.number = loop.members.number
        self.eventLoop = loop.eventLoop
        self.timer = NIOLoopBound(DeadlineTimer(eventLoop: loop.eventLoop), eventLoop: loop.eventLoop)
    }

    /// Has ``EngineSession/deadlinePassed(at:)`` called at that time, and at no other that was set before.
    func set(_ time: NIODeadline, for deadline: NIOLoopBound<SessionDeadline>) {
        self.timer.onLoop { $0.set(time, for: deadline.value) }
    }

    func remove(_ deadline: NIOLoopBound<SessionDeadline>) {
        self.timer.onLoop { timer in
            timer.remove(deadline.value)
            deadline.value.session = nil
        }
    }
}

/// The place of a session in the clock of its event loop.
final class SessionDeadline: DeadlineHolder {
    var deadlineEntry: DeadlineEntry?
    /// Until the session has ended. Not weak, because counting references to what has weak ones costs several times as much.
    var session: EngineSession?

    func deadlinePassed(at now: NIODeadline) {
        self.session?.deadlinePassed(at: now)
    }
}
