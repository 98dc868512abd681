// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: Hibiki contributors

/// Gives back the smallest of what was put in.
struct Heap<Element: Comparable> {
    private(set) var elements: [Element] = []

    var first: Element? { self.elements.first }
    var isEmpty: Bool { self.elements.isEmpty }

    mutating func insert(_ element: Element) {
        self.elements.append(element)
        var child = self.elements.count - 1
        while child > 0 {
            let parent = (child - 1) / 2
            guard self.elements[child] < self.elements[parent] else { return }
            self.elements.swapAt(child, parent)
            child = parent
        }
    }

    mutating func popFirst() -> Element? {
        guard let first = self.elements.first, let last = self.elements.popLast() else { return nil }
        guard !self.elements.isEmpty else { return first }
        self.elements[0] = last
        var parent = 0
        while true {
            var least = parent
            for child in [2 * parent + 1, 2 * parent + 2] where child < self.elements.count {
                if self.elements[child] < self.elements[least] { least = child }
            }
            guard least != parent else { return first }
            self.elements.swapAt(least, parent)
            parent = least
        }
    }
}
