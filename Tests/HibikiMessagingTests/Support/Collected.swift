// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: Hibiki contributors

import Synchronization

/// Things that several tasks have put together, in the order in which they came.
final class Collected<Element: Sendable>: Sendable {
    private let elements = Mutex<[Element]>([])

    var all: [Element] { self.elements.withLock { $0 } }

    func append(_ element: Element) {
        self.elements.withLock { $0.append(element) }
    }
}
