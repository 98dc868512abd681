// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: Hibiki contributors

import HibikiSocketIO
import Testing

@Suite struct EngineIDSourceTests {
    @Test func `ids that are asked for at the same time come from one counter`() async {
        let ids = EngineIDSource()
        let made = await withTaskGroup(of: [String].self) { tasks in
            for _ in 0..<4 {
                tasks.addTask { (0..<250).map { _ in ids.next() } }
            }
            return await tasks.reduce(into: []) { $0 += $1 }
        }
        #expect(made.allSatisfy { $0.utf8.count == 20 })
        // The last four characters are the counter.
        #expect(Set(made.map { $0.suffix(4) }).count == 1_000)
    }
}
