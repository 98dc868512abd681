// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: Hibiki contributors

import Foundation
import HibikiYjs
import Testing

/// Bytes that nobody meant well. `HIBIKI_YJS_FUZZ` sets how many inputs are tried, 3,000 by default.
@Suite struct HostileInputTests {
    private static let count =
        ProcessInfo.processInfo.environment["HIBIKI_YJS_FUZZ"].flatMap(Int.init) ?? 3000

    private static func broken(_ bytes: [UInt8], _ random: inout Seeded) -> [UInt8] {
        var bytes = bytes
        for _ in 0...random.below(4) {
            guard !bytes.isEmpty else { return [UInt8(random.below(256))] }
            let index = random.below(bytes.count)
            switch random.below(5) {
            case 0: bytes[index] = UInt8(random.below(256))
            case 1: bytes[index] ^= 1 << UInt8(random.below(8))
            case 2: bytes.removeSubrange(index..<min(bytes.count, index + 1 + random.below(4)))
            case 3: bytes.insert(contentsOf: [0xff, 0xff, 0xff, 0xff, 0x0f].prefix(1 + random.below(5)), at: index)
            default: bytes.insert(contentsOf: bytes[index..<min(bytes.count, index + random.below(9))], at: index)
            }
        }
        return bytes
    }

    private func limits() -> YLimits {
        var limits = YLimits()
        limits.structs = 2000
        limits.pendingBytes = 1 << 16
        return limits
    }

    @Test(arguments: [YUpdateFormat.v1, .v2])
    func `a broken update is refused whole or does something lawful`(_ format: YUpdateFormat) throws {
        var random = Seeded(format == .v1 ? 1 : 2)
        let session = try RandomSession(seed: 77, clients: 3, edits: 60)
        let base = session.clients[0].encodeState()
        for _ in 0..<Self.count {
            let document = YDocument(limits: self.limits())
            try document.apply(base)
            let before = document.encodeState()
            let update = session.updates[random.below(session.updates.count)]
            do {
                try document.apply(Self.broken(format == .v1 ? update.v1 : update.v2, &random), format: format)
            } catch {
                #expect(document.encodeState() == before)
                continue
            }
            let copy = YDocument()
            try copy.apply(document.encodeState())
            // What waits may overlap what is known, and is then complete for one who gets both cut to fit.
            if !document.hasPendingUpdates { #expect(copy.stateVector == document.stateVector) }
            _ = try document.text("text").delta()
            _ = try document.xmlFragment("xml").string
        }
    }

    @Test func `a broken document is read or refused`() throws {
        var random = Seeded(3)
        let session = try RandomSession(seed: 78, clients: 4, edits: 80)
        let full = (session.clients[0].encodeState(), session.clients[0].encodeState(format: .v2))
        for index in 0..<(Self.count / 4) {
            let document = YDocument(limits: self.limits())
            let bytes = index % 2 == 0 ? full.0 : full.1
            guard (try? document.apply(Self.broken(bytes, &random), format: index % 2 == 0 ? .v1 : .v2)) != nil
            else { continue }
            let copy = YDocument()
            try copy.apply(document.encodeState(format: .v2), format: .v2)
            guard !document.hasPendingUpdates else { continue }
            #expect(copy.stateVector == document.stateVector)
        }
    }

    @Test func `broken bytes do no harm to functions without a document`() throws {
        var random = Seeded(4)
        let session = try RandomSession(seed: 79, clients: 3, edits: 40)
        for _ in 0..<Self.count {
            let update = session.updates[random.below(session.updates.count)]
            let bytes = Self.broken(update.v1, &random)
            _ = try? YUpdate.merge([update.v1, bytes], limits: self.limits())
            _ = try? YUpdate.diff(bytes, from: session.clients[0].stateVector, limits: self.limits())
            _ = try? YUpdate.convert(Self.broken(update.v2, &random), from: .v2, to: .v1, limits: self.limits())
            _ = try? YStateVector(encoded: bytes)
            _ = try? YSnapshot(encoded: bytes)
            _ = try? YRelativePosition(encoded: bytes)
            var awareness = YAwareness(clientID: 1)
            _ = try? awareness.apply(bytes, at: .now)
        }
    }

    @Test func `a run that promises a million structs in a few bytes is refused`() {
        // Version 2: info 0 for ever, lengths 1 two million times over.
        let update: [UInt8] = [
            0, 0, 1, 1, 0, 0, 1, 0, 1, 0, 0, 0, 4, 0x41, 0x80, 0x80, 0x7f, 1, 0x80, 0x80, 0x7f, 0, 0,
        ]
        var limits = YLimits()
        limits.structs = 1000
        let document = YDocument(limits: limits)
        #expect(throws: YError.limitExceeded) { try document.apply(update, format: .v2) }
        #expect(document.stateVector.isEmpty)
    }

    @Test func `values nested without end are refused`() {
        var value: [UInt8] = []
        for _ in 0..<5000 { value += [117, 1] }
        value.append(126)
        let update: [UInt8] = [1, 1, 1, 0, 8, 1, 1, 0x61, 1] + value + [0]
        #expect(throws: YError.limitExceeded) { try YDocument().apply(update) }
    }

    @Test func `a struct that refers to itself is refused`() {
        #expect(throws: YError.malformedStruct) { try YDocument().apply([1, 1, 1, 0, 0x84, 1, 0, 1, 0x61, 0]) }
    }

    @Test func `types nested a hundred thousand deep are deleted without the stack`() throws {
        var update: [UInt8] = []
        func number(_ value: Int) -> [UInt8] {
            var rest = value
            var bytes: [UInt8] = []
            while rest > 127 {
                bytes.append(UInt8(rest & 127) | 128)
                rest >>= 7
            }
            return bytes + [UInt8(rest)]
        }
        let depth = 100_000
        update += [1] + number(depth) + [1, 0]
        update += [7, 1, 1, 0x61, 0]
        for clock in 1..<depth { update += [7, 0, 1] + number(clock - 1) + [0] }
        update += [0]
        let document = YDocument()
        try document.apply(update)
        let array = try document.array("a")
        #expect(array.length == 1)
        try array.remove(0..<1)
        #expect(array.length == 0)
        #expect(document.encodeState().count < 40)
    }

    @Test func `a client that burns its clock is found by its units nonetheless`() throws {
        // Client 1: a tombstone of 2^33 units, then "a", then "b" behind it.
        let update: [UInt8] = [
            1, 3, 1, 0, 0, 0x80, 0x80, 0x80, 0x80, 0x20, 4, 1, 1, 0x74, 2, 0x61, 0x62,
            0x84, 1, 0x80, 0x80, 0x80, 0x80, 0x20, 1, 0x63, 0,
        ]
        let document = YDocument(clientID: 2)
        try document.apply(update)
        let text = try document.text("t")
        #expect(text.string == "acb")
        try text.remove(1..<2)
        try text.insert("x", at: 1)
        let copy = YDocument()
        try copy.apply(document.encodeState(format: .v2), format: .v2)
        #expect(try copy.text("t").string == "axb")
    }
}
