// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: Hibiki contributors

import HibikiWire
import Synchronization

/// The directory, for routes, which are made before the front door that it looks through.
final class LateDirectory: Sendable {
    private let value = Mutex<ServerDirectory?>(nil)

    func attach(_ directory: ServerDirectory) {
        self.value.withLock { $0 = directory }
    }

    /// Fails as long as the server is being made, when nobody can ask.
    @Sendable func get() throws -> ServerDirectory {
        guard let directory = self.value.withLock({ $0 }) else { throw WireError(.overloaded, "the server begins") }
        return directory
    }
}
