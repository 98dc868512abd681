// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: Hibiki contributors

import HibikiYjs
import Testing

@testable import HibikiYjsCheck

@Suite struct ConvergenceTests {
    /// The same whatever the runs are cut into, which depends on the order in which updates came.
    private static func expectEqual(_ left: YDocument, _ right: YDocument) throws {
        #expect(left.stateVector == right.stateVector)
        #expect(left.deletions == right.deletions)
        #expect(StateExport.canonical(left) == StateExport.canonical(right))
        let states = try [left, right].map { document in
            StateExport.state(try Script.open(RandomSession.roots, of: document))
        }
        #expect(states[0] == states[1])
    }

    @Test(arguments: 1...12) func `clients that know the same updates hold the same document`(_ seed: Int) throws {
        let session = try RandomSession(seed: UInt64(seed), clients: 3 + seed % 4, edits: 120)
        let expected = session.clients[0]
        for client in session.clients.dropFirst() {
            try Self.expectEqual(client, expected)
        }
    }

    @Test(arguments: 1...12) func `order, repetition and format of updates make no difference`(_ seed: Int) throws {
        let session = try RandomSession(seed: UInt64(100 + seed), clients: 4, edits: 100)
        var random = Seeded(UInt64(seed))
        let expected = session.clients[0]
        for _ in 0..<4 {
            let document = YDocument()
            let updates = session.updates + session.updates.prefix(30)
            for update in updates.shuffled(using: &random) {
                if random.below(2) == 0 {
                    try document.apply(update.v1)
                } else {
                    try document.apply(update.v2, format: .v2)
                }
            }
            #expect(!document.hasPendingUpdates)
            #expect(!document.hasPendingDeletions)
            try Self.expectEqual(document, expected)
        }
    }

    @Test(arguments: 1...8) func `merged updates do what the updates do`(_ seed: Int) throws {
        let session = try RandomSession(seed: UInt64(200 + seed), clients: 3, edits: 80)
        var random = Seeded(UInt64(seed))
        let shuffled = session.updates.shuffled(using: &random)
        let merged = try YUpdate.merge(shuffled.map(\.v1))
        let document = YDocument()
        try document.apply(merged)
        try Self.expectEqual(document, session.clients[0])
        let other = YDocument()
        try other.apply(try YUpdate.merge(shuffled.map(\.v2), format: .v2), format: .v2)
        try Self.expectEqual(other, session.clients[0])
        #expect(try YUpdate.stateVector(of: merged) == document.stateVector)
    }

    @Test(arguments: 1...6) func `a difference to a state vector is what a client lacks`(_ seed: Int) throws {
        let session = try RandomSession(seed: UInt64(300 + seed), clients: 3, edits: 60)
        let full = session.clients[0]
        let part = YDocument()
        for update in session.updates.prefix(30) { try part.apply(update.v1) }
        try part.apply(full.encodeState(from: part.stateVector))
        try Self.expectEqual(part, full)
        let other = YDocument()
        for update in session.updates.prefix(30) { try other.apply(update.v1) }
        try other.apply(try YUpdate.diff(full.encodeState(), from: other.stateVector))
        try Self.expectEqual(other, full)
    }

    @Test func `what waits is passed on with the state`() throws {
        let session = try RandomSession(seed: 9, clients: 2, edits: 40)
        let relay = YDocument()
        for update in session.updates.dropFirst(3) { try relay.apply(update.v1) }
        let reader = YDocument()
        try reader.apply(relay.encodeState())
        for update in session.updates.prefix(3) { try reader.apply(update.v1) }
        try Self.expectEqual(reader, session.clients[0])
    }
}
