// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: Hibiki contributors

import DequeModule

/// What a socket has to do, one thing after the other.
enum SocketWork: Sendable {
    case joining(StepRun<Joining>)
    case event(StepRun<IncomingEvent>)
    case ending(StepRun<Disconnection>)

    /// Whether the client is held back when many of these wait. An end is one of them, because its socket is kept until then: a
    /// client that joins and leaves would fill the memory faster than slow handlers empty it.
    var counts: Bool {
        switch self {
        case .event, .ending: true
        case .joining: false
        }
    }

    /// - Returns: `false` as soon as a closure is next that may suspend.
    mutating func runInPlace(for socket: Socket) -> Bool {
        switch self {
        case .joining(var run):
            defer { self = .joining(run) }
            return run.runInPlace(for: socket)
        case .event(var run):
            defer { self = .event(run) }
            return run.runInPlace(for: socket)
        case .ending(var run):
            defer { self = .ending(run) }
            return run.runInPlace(for: socket)
        }
    }

    consuming func run(for socket: Socket) async {
        switch self {
        case .joining(var run): await run.run(for: socket)
        case .event(var run): await run.run(for: socket)
        case .ending(var run): await run.run(for: socket)
        }
    }
}

/// The works of a socket that wait for the one that is being done.
struct SocketWorkQueue {
    private var waiting: Deque<SocketWork> = []
    private(set) var isBusy = false

    var count: Int { self.waiting.count }

    /// For a work that never was in the queue; ``endIfLast()`` follows it.
    mutating func begin() {
        self.isBusy = true
    }

    /// - Returns: `false` if something waits.
    mutating func endIfLast() -> Bool {
        guard self.waiting.isEmpty else { return false }
        self.isBusy = false
        return true
    }

    /// - Returns: whether the caller is to begin with it now, and go on with ``next()`` afterwards.
    mutating func add(_ work: SocketWork) -> Bool {
        guard self.isBusy else {
            self.isBusy = true
            return true
        }
        self.waiting.append(work)
        return false
    }

    mutating func next() -> SocketWork? {
        guard let work = self.waiting.popFirst() else {
            self.isBusy = false
            return nil
        }
        // The memory of a burst is given back.
        if self.waiting.isEmpty { self.waiting = [] }
        return work
    }

    /// - Returns: how many events there were.
    mutating func dropEvents() -> Int {
        let count = self.waiting.count
        self.waiting.removeAll { if case .event = $0 { true } else { false } }
        return count - self.waiting.count
    }
}
