// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: Hibiki contributors

import HibikiYjs
import Testing

/// What waits for something that has not arrived, and may never arrive.
@Suite(.timeLimit(.minutes(1))) struct PendingTests {
    /// One unit of client 1, which goes behind one of client 2 that is missing.
    private static func waiting(_ clock: Int) -> [UInt8] {
        Wire.update([Wire.part(1, from: clock, [Wire.text("a", after: 2, 0)])])
    }

    @Test func `what would wait beyond the limit is refused and changes nothing`() throws {
        var limits = YLimits()
        limits.pendingBytes = 10_000
        let document = YDocument(limits: limits)
        var clock = 1
        #expect(throws: YError.limitExceeded) {
            while clock < 2000 {
                try document.apply(Self.waiting(clock))
                clock += 1
            }
        }
        #expect(clock > 10 && clock < 200)
        let before = document.encodeState()
        // Of this one the first part could find its place.
        let mixed = Wire.update([
            Wire.part(3, [Wire.text("b")]), Wire.part(1, from: clock, [Wire.text("a", after: 2, 0)]),
        ])
        #expect(throws: YError.limitExceeded) { try document.apply(mixed) }
        #expect(document.encodeState() == before)
        #expect(document.stateVector.isEmpty)
    }

    @Test func `what waits already is not kept again`() throws {
        let update = Self.waiting(5)
        let document = YDocument()
        try document.apply(update)
        var limits = YLimits()
        limits.pendingBytes = 1000
        document.limits = limits
        for _ in 0..<1000 { try document.apply(update) }
        #expect(document.encodeState() == update)
    }

    @Test func `one struct of a long update that waits does not count as all of it`() throws {
        var limits = YLimits()
        limits.pendingBytes = 10_000
        let document = YDocument(limits: limits)
        let long = Wire.part(3, [Wire.text(String(repeating: "x", count: 100_000))])
        try document.apply(Wire.update([long, Wire.part(1, [Wire.text("a", after: 2, 0)])]))
        #expect(document.hasPendingUpdates)
    }

    @Test func `deletions that would wait beyond the limit are refused, and the same again are not more`() throws {
        var limits = YLimits()
        limits.pendingDeletions = 10
        let document = YDocument(limits: limits)
        func update(_ count: Int) -> [UInt8] {
            Wire.update([], deletions: Wire.deletions(of: 1, (0..<count).map { (clock: 2 * $0, length: 1) }))
        }
        for _ in 0..<3 { try document.apply(update(10)) }
        #expect(throws: YError.limitExceeded) { try document.apply(update(11)) }
        #expect(document.encodeState() == update(10))
        // Nothing was let go in silence: what arrives later is deleted.
        try document.apply(Wire.update([Wire.part(1, [Wire.text("abcdefghijklmnopqrstu")])]))
        #expect(try document.text("t").string == "bdfhjlnprtu")
        #expect(!document.hasPendingDeletions)
    }

    @Test func `five thousand updates in reverse order are all there at the end`() throws {
        let count = 5000
        let updates = (0..<count).map { clock in
            Wire.update([
                Wire.part(1, from: clock, [clock == 0 ? Wire.text("a") : Wire.text("a", after: 1, clock - 1)])
            ])
        }
        let document = YDocument()
        for update in updates.reversed() { try document.apply(update) }
        #expect(!document.hasPendingUpdates)
        #expect(try document.text("t").length == count)
    }

    @Test func `an update looks at what waits for it, not at all that waits`() throws {
        let count = 5000
        // Each of them waits for a client of its own, and of every client that is waited for something is deleted.
        let parts = (0..<count).reversed().map { index in
            Wire.part(1_000_000 + index, [Wire.text("a", after: 2_000_000 + index, 0)])
        }
        let document = YDocument()
        try document.apply(Wire.update(parts))
        for index in 0..<count {
            try document.apply(
                Wire.update([], deletions: Wire.deletions(of: 2_000_000 + index, [(clock: 0, length: 1)])))
        }
        #expect(document.missing.clients.count == count)
        // The highest client first: it goes last among those at one place, and its place is found in one step.
        for index in (0..<count).reversed() {
            try document.apply(Wire.update([Wire.part(2_000_000 + index, [Wire.text("b")])]))
        }
        #expect(!document.hasPendingUpdates)
        #expect(!document.hasPendingDeletions)
        #expect(try document.text("t").length == count)
    }

    @Test func `what waits in one line for clock after clock is moved once`() throws {
        let count = 5000
        // Clients 3 and up wait each for another unit of client 1.
        let document = YDocument()
        try document.apply(
            Wire.update(
                (1..<count).reversed().map { Wire.part(2 + $0, [Wire.text("b", after: 1, $0)]) }))
        for clock in 0..<count {
            let text = clock == 0 ? Wire.text("a") : Wire.text("a", after: 1, clock - 1)
            try document.apply(Wire.update([Wire.part(1, from: clock, [text])]))
        }
        #expect(!document.hasPendingUpdates)
        #expect(try document.text("t").length == 2 * count - 1)
    }

    @Test func `what waits is written with holes before and between, and each unit once`() throws {
        let document = YDocument()
        try document.apply(Wire.update([Wire.part(1, [Wire.text("ab")])]))
        try document.apply(Wire.update([Wire.part(1, from: 5, [Wire.text("ghi", after: 1, 4)])]))
        try document.apply(Wire.update([Wire.part(1, from: 7, [Wire.text("ij", after: 1, 6)])]))
        try document.apply(Wire.update([Wire.part(1, from: 11, [Wire.text("l", after: 1, 10)])]))
        #expect(
            document.encodeState()
                == Wire.update([
                    Wire.part(
                        1,
                        [
                            Wire.text("ab"), [10, 3], Wire.text("ghi", after: 1, 4), Wire.text("j", after: 1, 7),
                            [10, 2], Wire.text("l", after: 1, 10),
                        ])
                ]))
        let known = YStateVector([1: 6])
        #expect(
            document.encodeState(from: known)
                == Wire.update([
                    Wire.part(
                        1, from: 6,
                        [
                            Wire.text("hi", after: 1, 5), Wire.text("j", after: 1, 7), [10, 2],
                            Wire.text("l", after: 1, 10),
                        ])
                ]))
    }
}
