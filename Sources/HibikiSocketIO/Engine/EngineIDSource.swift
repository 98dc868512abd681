// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: Hibiki contributors

import HibikiSocketIOCodec
import Synchronization

/// Makes the ids of a server's sessions and sockets, on any thread.
///
/// Both come from one counter: within a server no two ids are the same, whatever they are for.
package final class EngineIDSource: Sendable {
    private struct State {
        var ids = EngineIDs()
        var generator = SystemRandomNumberGenerator()
    }

    private let state = Mutex(State())

    package init() {}

    /// 20 characters that nobody guesses.
    package func next() -> String {
        self.state.withLock { $0.ids.next(using: &$0.generator) }
    }
}
