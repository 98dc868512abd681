// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: Hibiki contributors

/// Lines that wait to be written, within a bound. What finds no room is lost, and counted.
struct LineQueue {
    struct Batch: Equatable {
        var bytes: [UInt8]
        /// Lines that were lost since the batch before.
        var dropped: Int

        var isEmpty: Bool { self.bytes.isEmpty && self.dropped == 0 }
    }

    private let limit: Int
    private var waiting = Batch(bytes: [], dropped: 0)

    /// - Parameter limit: bytes.
    init(limit: Int) {
        self.limit = limit
    }

    mutating func append(_ line: [UInt8]) {
        guard self.waiting.bytes.count + line.count <= self.limit else {
            self.waiting.dropped += 1
            return
        }
        self.waiting.bytes += line
    }

    /// Lines that were taken, and could not be written after all.
    mutating func lost(_ lines: Int) {
        self.waiting.dropped += lines
    }

    mutating func take() -> Batch {
        defer { self.waiting = Batch(bytes: [], dropped: 0) }
        return self.waiting
    }
}
