// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: Hibiki contributors

import HibikiClient
import HibikiWebSocketCodec
import HibikiWire

extension LoopStatistics {
    func failUnlessNormal(_ closure: WebSocketClosure) {
        guard closure.code.rawValue != 1000 else { return }
        guard closure.code.rawValue != 4003 else { return self.fail(Advice.budgets(closure.reason)) }
        self.fail("The server closed a connection (\(closure.code.rawValue) \(closure.reason)).")
    }

    /// - Parameter what: a verb.
    func fail(_ error: WireError, refusing what: String) {
        guard error.code != .rateLimited else { return self.fail(Advice.budgets(error.message)) }
        self.fail("The server refused to \(what): \(error.message)")
    }
}
