// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: Hibiki contributors

import Synchronization
import Testing

@testable import HibikiClient

struct InboxTests {
    @Test func `elements come out in the order that they went in, and then the end`() async throws {
        let inbox = Inbox<Int>(bound: 10)
        for number in 1...3 { inbox.put(number, weight: 1) }
        inbox.end(.success(()))
        inbox.put(4, weight: 1)
        var numbers: [Int] = []
        while let number = try await inbox.next() { numbers.append(number) }
        #expect(numbers == [1, 2, 3])
    }

    @Test func `at the bound it wants no more, and says so again when half of it is gone`() async throws {
        let inbox = Inbox<Int>(bound: 4)
        let drained = Mutex(0)
        inbox.onDrained { drained.withLock { $0 += 1 } }
        for number in 1...3 { inbox.put(number, weight: 1) }
        #expect(inbox.wantsMore())
        inbox.put(4, weight: 1)
        #expect(!inbox.wantsMore())
        _ = try await inbox.next()
        #expect(drained.withLock { $0 } == 0)
        _ = try await inbox.next()
        #expect(drained.withLock { $0 } == 1)
        #expect(inbox.wantsMore())
    }

    @Test func `a cancelled task stops waiting and takes nothing`() async throws {
        let inbox = Inbox<Int>(bound: 4)
        let task = Task { try await inbox.next() }
        task.cancel()
        await #expect(throws: CancellationError.self) { try await task.value }
        inbox.put(1, weight: 1)
        #expect(try await inbox.next() == 1)
    }

    @Test func `the error that ended it reaches everybody who asks`() async throws {
        let inbox = Inbox<Int>(bound: 4)
        inbox.end(.failure(HibikiClientError(.closed, "over")))
        for _ in 1...2 {
            await #expect(throws: HibikiClientError(.closed, "over")) { try await inbox.next() }
        }
    }
}
