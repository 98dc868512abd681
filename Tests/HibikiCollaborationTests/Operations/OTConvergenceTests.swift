// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: Hibiki contributors

import HibikiCollaboration
import HibikiOT
import Testing

/// Ten people who write at once, over a network and a server as in ``OTWeather``.
@Suite(.timeLimit(.minutes(2))) struct `People who edit one document of operations` {
    private func converge<Operation: TypedOperation>(
        _: Operation.Type, seed: UInt64, _ configure: @escaping (inout CollaborationConfiguration) -> Void
    ) async throws -> OTWeather<Operation> {
        var weather = OTWeather<Operation>(seed: seed, editors: 10, edits: 300, configure)
        try await weather.run(steps: 100_000)
        try #require(weather.isQuiet)
        let document = try await weather.rooms.document(as: Operation.kind)
        for editor in weather.editors { #expect(editor.document.value == document) }
        #expect(weather.editors[0].document.length > 0)
        // Otherwise the weather was too fair for this to show anything.
        let counts = weather.counts
        #expect(counts.lost > 0 && counts.cuts > 0 && counts.restarts > 0 && counts.storeFailures > 0)
        #expect(weather.editors.contains { $0.caughtUp > 0 })
        return weather
    }

    /// Everything that was confirmed is in the log, once.
    private func losesNothing<Operation>(_ weather: OTWeather<Operation>) async throws {
        let (peer, seat) = try weather.rooms.come("auditor", as: Operation.kind)
        seat.hello(since: 0)
        try await weather.rooms.settle()
        guard case .array(let operations)? = peer.all("operations").first?["operations"] else {
            Issue.record("\(peer.heard)")
            return
        }
        let logged = try operations.map { try LoggedOperation<Operation>($0).id }
        #expect(Set(logged).count == logged.count)
        let confirmed = weather.editors.flatMap { editor in
            editor.acknowledged.map { OperationID(client: editor.name, sequence: $0) }
        }
        #expect(!confirmed.isEmpty)
        #expect(Set(confirmed) == Set(logged))
        #expect(weather.editors.allSatisfy { $0.reloads == 0 })
    }

    @Test(arguments: UInt64(0)..<3) func `come to the same text, and nothing that was confirmed is lost`(
        _ seed: UInt64
    ) async throws {
        try await self.losesNothing(
            self.converge(TextOperation.self, seed: 100 + seed) { $0.updatesBehindSnapshot = 40 })
    }

    @Test(arguments: UInt64(0)..<3) func `come to the same rich text, and nothing that was confirmed is lost`(
        _ seed: UInt64
    ) async throws {
        try await self.losesNothing(self.converge(Delta.self, seed: 200 + seed) { $0.updatesBehindSnapshot = 40 })
    }

    @Test(arguments: UInt64(0)..<3) func `come to the same text also where some have to load it anew`(
        _ seed: UInt64
    ) async throws {
        let weather = try await self.converge(TextOperation.self, seed: 300 + seed) {
            $0.updatesBehindSnapshot = 8
            $0.operationsKept = 2
            $0.revisions.operations = 12
        }
        #expect(weather.editors.contains { $0.reloads > 0 })
    }
}
