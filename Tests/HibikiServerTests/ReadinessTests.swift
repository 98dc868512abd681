// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: Hibiki contributors

import Testing

@testable import HibikiServer

@Suite struct `The readiness of a server` {
    private func isReady(_ readiness: Readiness) async -> Bool {
        await readiness.results().allSatisfy(\.passes)
    }

    @Test func `begins with the port and ends with the shutdown`() async {
        let readiness = Readiness()
        #expect(await !self.isReady(readiness))
        readiness.opened()
        #expect(await self.isReady(readiness))
        readiness.stopping()
        #expect(await !self.isReady(readiness))
    }

    @Test func `asks every check`() async {
        let readiness = Readiness()
        readiness.opened()
        readiness.add(Readiness.Check(name: "store", passes: { true }))
        readiness.add(Readiness.Check(name: "broker", passes: { false }))
        let results = await readiness.results()
        #expect(results.map(\.name) == ["server", "store", "broker"])
        #expect(results.map(\.passes) == [true, true, false])
    }
}
