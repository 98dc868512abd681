// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: Hibiki contributors

import HibikiClient
import HibikiWebSocketCodec

extension LoopStatistics {
    func failUnlessNormal(_ closure: WebSocketClosure) {
        guard closure.code.rawValue != 1000 else { return }
        self.fail("The server closed a connection (\(closure.code.rawValue) \(closure.reason)).")
    }
}
