// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: Hibiki contributors

import HibikiTransports
import Synchronization

/// How many connections are open, for routes, which are made before the front door that counts them.
final class ConnectionCount: Sendable {
    private let door = Mutex<FrontDoor?>(nil)

    func attach(_ door: FrontDoor) {
        self.door.withLock { $0 = door }
    }

    var now: Int { self.door.withLock { $0 }?.connectionCount ?? 0 }
}
