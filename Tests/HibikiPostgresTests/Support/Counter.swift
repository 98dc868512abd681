// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: Hibiki contributors

import Synchronization

/// Counts from 1 across tasks.
final class Counter: Sendable {
    private let count = Atomic(0)

    func next() -> Int {
        self.count.add(1, ordering: .relaxed).newValue
    }
}
