// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: Hibiki contributors

import HibikiYjs
import Testing

/// What passes a limit is refused whole.
@Suite(.timeLimit(.minutes(1))) struct LimitTests {
    /// Text of client 1, and units of client 2 of which each is in front of another unit of it and behind nothing: to
    /// find the place of the last, all before it are passed.
    private static func crossing(_ count: Int) -> [UInt8] {
        Wire.update([
            Wire.part(2, (0..<count).map { Wire.text("a", before: 1, $0) }),
            Wire.part(1, [Wire.text(String(repeating: "b", count: count))]),
        ])
    }

    @Test func `structs whose places take too many steps to find are refused, and nothing has changed`() throws {
        var limits = YLimits()
        limits.conflictSteps = 10_000
        let document = YDocument(limits: limits)
        try document.apply(Self.crossing(50))
        let before = document.encodeState()
        #expect(throws: YError.limitExceeded) {
            try document.apply(
                Wire.update(
                    [Wire.part(3, [Wire.text("c")])] + [
                        Wire.part(2, from: 50, (0..<5000).map { _ in Wire.text("a", before: 1, 49) })
                    ]))
        }
        #expect(document.encodeState() == before)
        let fresh = YDocument(limits: limits)
        #expect(throws: YError.limitExceeded) { try fresh.apply(Self.crossing(2000)) }
        #expect(fresh.stateVector.isEmpty)
        #expect(fresh.encodeState() == YUpdate.empty)
        // It edits on as if nothing had been.
        try fresh.text("t").insert("x", at: 0)
        #expect(try fresh.text("t").string == "x")
    }

    @Test func `thirty thousand structs of that kind end in an error, not in hours`() throws {
        var limits = YLimits()
        limits.conflictSteps = 1 << 20
        #expect(throws: YError.limitExceeded) { try YDocument(limits: limits).apply(Self.crossing(30_000)) }
    }

    @Test func `what waited and takes too many steps is let go, and the state vector says so`() throws {
        var limits = YLimits()
        limits.conflictSteps = 10_000
        let count = 1000
        let document = YDocument(limits: limits)
        try document.apply(Wire.update([Wire.part(2, (0..<count).map { Wire.text("a", before: 1, $0) })]))
        try document.apply(Wire.update([Wire.part(1, [Wire.text(String(repeating: "b", count: count))])]))
        #expect(document.stateVector[1] == count)
        #expect(document.stateVector[2] < count)
        #expect(!document.hasPendingUpdates)
        document.limits = .standard
        try document.apply(Self.crossing(count))
        #expect(document.stateVector[2] == count)
    }

    @Test func `steps are counted for each update by itself`() throws {
        var limits = YLimits()
        limits.conflictSteps = 30_000
        let document = YDocument(limits: limits)
        // Each needs some 20,000 steps.
        for part in 0..<5 {
            let base = 10 * part
            try document.apply(
                Wire.update([
                    Wire.part(base + 2, (0..<140).map { Wire.text("a", before: base + 1, $0) }),
                    Wire.part(
                        base + 1, [[4, 1, 1, UInt8(0x61 + part)] + Wire.string(String(repeating: "b", count: 140))]),
                ]))
        }
        #expect(document.stateVector.clients.count == 10)
    }

    @Test func `two thousand clients at one place in any order find theirs`() throws {
        let updates = (0..<2000).map { Wire.update([Wire.part(10 + $0, [Wire.text("a")])]) }
        var random = Seeded(1)
        let documents = [updates, updates.reversed(), updates.shuffled(using: &random)].map { _ in YDocument() }
        for (document, order) in zip(documents, [updates, updates.reversed(), updates.shuffled(using: &random)]) {
            for update in order { try document.apply(update) }
        }
        let merged = YDocument()
        try merged.apply(try YUpdate.merge(updates))
        for document in documents { #expect(document.encodeState() == merged.encodeState()) }
    }

    @Test func `a clock beyond what version 2 can write is refused`() throws {
        let document = YDocument()
        func deleted(_ length: Int) -> [UInt8] {
            Wire.update([Wire.part(1, [[1, 1, 1, 0x74] + Wire.number(length)])])
        }
        #expect(throws: YError.integerOutOfRange) { try document.apply(deleted((1 << 52) + 1)) }
        let reference = Wire.update([Wire.part(1, [Wire.text("a", after: 2, 1 << 52)])])
        #expect(throws: YError.integerOutOfRange) { try document.apply(reference) }
        try document.apply(deleted(1 << 52))
        try document.apply(Wire.update([Wire.part(3, [Wire.text("a", after: 1, (1 << 52) - 1)])]))
        let copy = YDocument()
        try copy.apply(document.encodeState(format: .v2), format: .v2)
        #expect(copy.stateVector[1] == 1 << 52)
        #expect(copy.encodeState() == document.encodeState())
        var limits = YLimits()
        limits.clock = 1 << 32
        #expect(throws: YError.integerOutOfRange) { try YDocument(limits: limits).apply(deleted((1 << 32) + 1)) }
    }

    @Test func `who edits under an id that somebody has used up goes on under another`() throws {
        let document = YDocument(clientID: 7)
        try document.apply(Wire.update([Wire.part(8, [Wire.text("x")])]))
        try document.apply(Wire.update([Wire.part(7, [[1, 1, 1, 0x74] + Wire.number(1 << 52)])]))
        #expect(document.clientID != 7)
        document.clientID = 7
        try document.text("t").insert("a", at: 0)
        #expect(document.clientID != 7)
        #expect(document.stateVector[7] == 1 << 52)
        let copy = YDocument()
        try copy.apply(document.encodeState(format: .v2), format: .v2)
        #expect(try copy.text("t").string == document.text("t").string)
    }

    @Test func `an observer who edits already has the new id`() throws {
        let document = YDocument(clientID: 7)
        let text = try document.text("t")
        text.observe { _, transaction in
            if !transaction.isLocal { try? text.insert("mine", at: 0) }
        }
        try document.apply(Wire.update([Wire.part(7, [Wire.text("theirs")])]))
        #expect(document.stateVector[7] == 6)
        #expect(text.length == 10)
    }

    @Test func `so many clients and no more`() throws {
        var limits = YLimits()
        limits.clients = 3
        let document = YDocument(limits: limits)
        for client in 1...3 { try document.apply(Wire.update([Wire.part(client, [Wire.text("a")])])) }
        #expect(throws: YError.limitExceeded) { try document.apply(Wire.update([Wire.part(4, [Wire.text("a")])])) }
        try document.apply(Wire.update([Wire.part(1, from: 1, [Wire.text("b", after: 1, 0)])]))
        #expect(document.encodeState().count > 10)
    }

    /// Version 2: columns of a few bytes that go on and on.
    private static func columns(
        keyClocks: [UInt8] = [], clients: [UInt8], infos: [UInt8], strings: [UInt8] = [], parents: [UInt8],
        kinds: [UInt8] = [], rest: [UInt8]
    ) -> [UInt8] {
        var update: [UInt8] = [0]
        for column in [keyClocks, clients, [], [], infos, strings, parents, kinds, []] {
            update += Wire.number(column.count) + column
        }
        return update + rest
    }

    @Test func `thirty bytes do not make a million structs`() throws {
        // Arrays in the root "", each of which takes nothing but a place in the runs of the columns.
        func update(_ count: Int) -> [UInt8] {
            let run: [UInt8] = [0x40] + Wire.number(count - 2)
            return Self.columns(
                clients: [1], infos: [7], strings: [0] + run, parents: [1], kinds: run,
                rest: [1] + Wire.number(count) + [0, 0])
        }
        let document = YDocument()
        try document.apply(update(1000), format: .v2)
        #expect(try document.array("").length == 1000)
        #expect(throws: YError.limitExceeded) { try YDocument().apply(update(1_000_000), format: .v2) }
    }

    @Test func `one long key for many marks is refused before somebody has to write it out`() throws {
        let count = 1000
        let key = String(repeating: "k", count: 10_000)
        // Format marks in the root "t": each names the key with number 0.
        var lengthColumn: [UInt8] = [1] + Wire.long(10_000)
        lengthColumn += [0x41] + Wire.number(count - 3)
        let strings = Wire.string("t" + key + String(repeating: "t", count: count - 1)) + lengthColumn
        let update = Self.columns(
            keyClocks: [1] + Wire.number(count - 2), clients: [1], infos: [6], strings: strings, parents: [1],
            rest: [1] + Wire.number(count) + [0] + Array(repeating: 120, count: count) + [0])
        #expect(throws: YError.limitExceeded) { try YDocument().apply(update, format: .v2) }
        var limits = YLimits()
        limits.structs = 1 << 30
        let document = YDocument(limits: limits)
        try document.apply(update, format: .v2)
        #expect(document.encodeState().count > count * 10_000)
    }
}
