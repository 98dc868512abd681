// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: Hibiki contributors

import Synchronization
import Testing

@testable import HibikiS3

@Suite struct `Room for parts` {
    private final class Crowd: Sendable {
        private let counts = Mutex((now: 0, most: 0, all: 0))

        var most: Int { self.counts.withLock { $0.most } }
        var all: Int { self.counts.withLock { $0.all } }

        func stay() async {
            self.counts.withLock {
                $0.now += 1
                $0.all += 1
                $0.most = max($0.most, $0.now)
            }
            for _ in 0..<100 { await Task.yield() }
            self.counts.withLock { $0.now -= 1 }
        }
    }

    @Test func `is for no more of them at one time, and for all in the end`() async throws {
        let (room, crowd) = (S3PartRoom(2), Crowd())
        try await withThrowingTaskGroup { group in
            for _ in 0..<50 { group.addTask { try await room.with { await crowd.stay() } } }
            try await group.waitForAll()
        }
        #expect(crowd.most <= 2)
        #expect(crowd.all == 50)
    }

    @Test func `is given back by whoever fails`() async throws {
        struct Trouble: Error {}
        let room = S3PartRoom(1)
        for _ in 0..<3 {
            await #expect(throws: Trouble.self) { try await room.with { throw Trouble() } }
        }
        #expect(try await room.with { 7 } == 7)
    }
}
