// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: Hibiki contributors

import HibikiSocketIOCodec
import Synchronization

extension Socket {
    /// How an event that has come is taken.
    private enum Beginning {
        /// Nothing else has to be asked, and nobody has to be waited for: these are called right here.
        case handlers([@Sendable (IncomingEvent) throws -> Void])
        /// Right here too, but closures that see all events come first.
        case allPhases
        case later
    }

    /// An event of the client. The arguments are slices of what was read: they are copied if they have to wait.
    func received(_ name: consuming EventName, _ arguments: consuming Arguments, id: UInt64?) {
        let ack = Ack(id.map { Ack.Pending(id: $0, socket: self) })
        switch self.state.withLock({ Self.begin(name.text, &$0) }) {
        case .handlers(let handlers):
            IncomingEvent(name: name, arguments: arguments, ack: ack).call(handlers, of: self)
            self.goOn()
        case .allPhases:
            self.perform(.event(StepRun(IncomingEvent(name: name, arguments: arguments, ack: ack))))
        case .later:
            self.perform(.event(StepRun(IncomingEvent(name: name, arguments: arguments.detached(), ack: ack))))
        }
    }

    private static func begin(_ name: String, _ state: inout State) -> Beginning {
        guard !state.work.isBusy else { return .later }
        if state.anyHandlers.isEmpty, state.middlewares.isEmpty,
            let handlers = state.handlers.lastingImmediate(for: name)
        {
            state.work.begin()
            return .handlers(handlers)
        }
        return state.handlers.areImmediate(for: name) ? .allPhases : .later
    }
}
