// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: Hibiki contributors

/// What is to happen at which time, in order; what happens at the same time happens in the order in which it was added.
public struct EventQueue<Event> {
    private var events: [(time: Int, order: Int, event: Event)] = []
    private var added = 0

    public init() {}

    public var isEmpty: Bool { self.events.isEmpty }

    public mutating func add(_ event: Event, at time: Int) {
        var low = 0
        var high = self.events.count
        // The earliest stands last, where it is cheap to take.
        while low < high {
            let middle = (low + high) / 2
            if self.events[middle].time > time { low = middle + 1 } else { high = middle }
        }
        self.events.insert((time, self.added, event), at: low)
        self.added += 1
    }

    public mutating func next() -> (time: Int, event: Event)? {
        self.events.popLast().map { ($0.time, $0.event) }
    }
}
