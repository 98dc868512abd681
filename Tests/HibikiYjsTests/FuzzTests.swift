// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: Hibiki contributors

import Foundation
import HibikiYjs
import Testing

/// Broken updates, documents and presence: no trap, no end without an end, and a refused update changes nothing.
///
/// Each test tries 2,000 inputs; `HIBIKI_YJS_FUZZ` sets another number, and `HIBIKI_YJS_SEED` where they begin.
@Suite struct FuzzTests {
    private static func setting(_ name: String) -> Int? {
        ProcessInfo.processInfo.environment[name].flatMap { Int($0) }
    }

    private static let count = setting("HIBIKI_YJS_FUZZ") ?? 2000
    private static let seed = UInt64(setting("HIBIKI_YJS_SEED") ?? 0)

    private static let limits: YLimits = {
        var limits = YLimits()
        limits.pendingBytes = 1 << 16
        limits.pendingDeletions = 1000
        limits.clients = 1000
        limits.conflictSteps = 1 << 16
        return limits
    }()

    @Test(arguments: [YUpdateFormat.v1, .v2])
    func `a broken update is refused whole or does something lawful`(_ format: YUpdateFormat) throws {
        var mutator = Mutator(seed: Self.seed + (format == .v1 ? 1 : 2))
        let session = try RandomSession(seed: 77, clients: 3, edits: 60)
        let updates = session.updates.map { format == .v1 ? $0.v1 : $0.v2 }
        let base = try YUpdate.merge(updates.prefix(40).map { $0 }, format: format)
        for _ in 0..<Self.count {
            let document = YDocument(limits: Self.limits)
            try document.apply(base, format: format)
            let before = document.encodeState()
            let update = updates[mutator.random.below(updates.count)]
            let broken = mutator.broken(update, with: updates[mutator.random.below(updates.count)])
            do {
                try document.apply(broken, format: format)
            } catch {
                #expect(document.encodeState() == before, "\(broken)")
                continue
            }
            try Self.expectLawful(document, broken)
        }
    }

    @Test(arguments: [YUpdateFormat.v1, .v2])
    func `a broken document is read or refused`(_ format: YUpdateFormat) throws {
        var mutator = Mutator(seed: Self.seed + (format == .v1 ? 3 : 4))
        let session = try RandomSession(seed: 78, clients: 4, edits: 80)
        let full = session.clients[0].encodeState(format: format)
        let other = session.clients[1].encodeState(format: format)
        for _ in 0..<Self.count {
            let document = YDocument(limits: Self.limits)
            let broken = mutator.broken(full, with: other)
            do {
                try document.apply(broken, format: format)
            } catch {
                #expect(document.encodeState() == YUpdate.empty, "\(broken)")
                continue
            }
            try Self.expectLawful(document, broken)
        }
    }

    /// What it writes it reads, in both versions.
    ///
    /// Content may then stand in another order: neighbours that contradict one another are placed as they come, in Yjs
    /// as here.
    private static func expectLawful(_ document: YDocument, _ cause: [UInt8]) throws {
        for format in [YUpdateFormat.v1, .v2] {
            let copy = YDocument()
            try copy.apply(document.encodeState(format: format), format: format)
            // What waits may overlap what is known, and is then complete for one who gets both cut to fit.
            guard !document.hasPendingUpdates else { continue }
            #expect(copy.stateVector == document.stateVector, "\(cause)")
        }
        _ = try document.text("text").delta()
        _ = try document.xmlFragment("xml").string
        _ = try document.array("array").elements
        _ = try document.map("map").entries
        try document.text("text").insert("x", at: 0)
    }

    @Test func `broken bytes do no harm to functions without a document`() throws {
        var mutator = Mutator(seed: Self.seed + 5)
        let session = try RandomSession(seed: 79, clients: 3, edits: 40)
        let vector = session.clients[0].stateVector
        let snapshot = session.clients[0].snapshot()
        let position = try session.clients[0].text("text").relativePosition(at: 3)
        for _ in 0..<Self.count {
            let update = session.updates[mutator.random.below(session.updates.count)]
            let v1 = mutator.broken(update.v1, with: update.v2)
            let v2 = mutator.broken(update.v2, with: update.v1)
            if let merged = try? YUpdate.merge([update.v1, v1], limits: Self.limits) {
                _ = try YUpdate.convert(merged, from: .v1, to: .v2)
            }
            if let part = try? YUpdate.diff(v1, from: vector, limits: Self.limits) {
                _ = try YUpdate.range(of: part)
                _ = try YUpdate.stateVector(of: part)
            }
            if let converted = try? YUpdate.convert(v2, from: .v2, to: .v1, limits: Self.limits) {
                _ = try YUpdate.convert(converted, from: .v1, to: .v2)
            }
            if let read = try? YStateVector(encoded: mutator.broken(vector.encoded(), with: v1)) {
                _ = session.clients[0].encodeState(from: read)
            }
            if let read = try? YSnapshot(encoded: mutator.broken(snapshot.encoded(.v2), with: v2), format: .v2) {
                #expect(try YSnapshot(encoded: read.encoded(.v2), format: .v2) == read)
            }
            if let read = try? YRelativePosition(encoded: mutator.broken(position.encoded(), with: v1)) {
                _ = session.clients[0].resolve(read)
            }
        }
    }

    @Test func `broken presence is refused whole or believed`() throws {
        var mutator = Mutator(seed: Self.seed + 6)
        let now = ContinuousClock.now
        var others = YAwareness(clientID: 2)
        others.setLocalState(["user": ["name": "Ada", "colour": "#30bced"], "cursor": [1, 2.5, .null]], at: now)
        others.setLocalState(["user": ["name": "Ada \u{1f600}"], "cursor": .null], at: now)
        _ = try others.apply([1, 3, 1, 2, 0x7b, 0x7d], at: now)
        let good = others.encodeAll()
        for _ in 0..<Self.count {
            var awareness = YAwareness(clientID: 1)
            awareness.setLocalState(["me": true], at: now)
            let before = awareness.encodeAll()
            let broken = mutator.broken(good, with: before)
            do {
                _ = try awareness.apply(broken, at: now)
            } catch {
                #expect(awareness.encodeAll() == before, "\(broken)")
                continue
            }
            var copy = YAwareness(clientID: 0)
            _ = try copy.apply(awareness.encodeAll(), at: now)
            awareness.setLocalState(["me": false], at: now)
            awareness.remove(Array(awareness.states.keys), at: now)
            #expect(awareness.states.isEmpty)
        }
    }
}
