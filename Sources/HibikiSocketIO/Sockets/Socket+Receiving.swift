// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: Hibiki contributors

internal import HibikiSocketIOCodec
internal import Synchronization

extension Socket {
    /// An event of the client. The arguments are slices of what was read: they are copied if they have to wait.
    func received(_ name: EventName, _ arguments: Arguments, id: UInt64?) {
        let ack = Ack(id.map { Ack.Pending(id: $0, socket: self) })
        let mustWait = self.state.withLock { $0.work.isBusy || !$0.handlers.areImmediate(for: name.text) }
        let event = IncomingEvent(name: name, arguments: mustWait ? arguments.detached() : arguments, ack: ack)
        self.perform(.event(StepRun(event)))
    }
}
