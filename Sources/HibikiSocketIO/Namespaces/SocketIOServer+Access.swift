// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: Hibiki contributors

import HibikiMessaging
import Synchronization

extension SocketIOServer {
    /// How a running server finds out who its clients are.
    struct Access: Sendable {
        let control: AccessControl
        let now: @Sendable () -> Timestamp
    }

    /// `nil` before the server is started, and after it was closed.
    var access: Access? {
        self.state.withLock { state in
            guard case .running(let hub, let now) = state.phase else { return nil }
            return Access(control: hub.access, now: now)
        }
    }
}
