// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: Hibiki contributors

import Dispatch
import HibikiServer
import Logging
import NIOCore
import Synchronization
import Testing

@testable import HibikiMessaging

@Suite(.timeLimit(.minutes(1))) struct StuckLoopTests {
    /// What a watchdog is told follows from this.
    @Test func `a server answers when all of its event loops do, and not while one is stuck`() async throws {
        let (addresses, announcement) = AsyncStream.makeStream(of: String.self)
        let logger = Logger(label: "test") { _ in SwiftLogNoOpLogHandler() }
        let server = HibikiServer(.test(), logger: logger) { announcement.yield($0) }
        let running = Task { try await server.run() }
        var iterator = addresses.makeAsyncIterator()
        _ = await iterator.next()
        await server.answers()

        let (stuck, release) = (DispatchSemaphore(value: 0), DispatchSemaphore(value: 0))
        let loop = try #require(server.hub.eventLoop(1))
        loop.execute {
            stuck.signal()
            release.wait()
        }
        let hasAnswered = Mutex(false)
        let asking = Task {
            await server.answers()
            hasAnswered.withLock { $0 = true }
        }
        await Self.wait(for: stuck)
        // The other loop is not: it has long had a turn when this returns.
        _ = try await server.hub.eventLoop(0)?.submit {}.get()
        #expect(!hasAnswered.withLock { $0 })
        release.signal()
        await asking.value
        #expect(hasAnswered.withLock { $0 })
        running.cancel()
        try await running.value
    }

    private static func wait(for semaphore: DispatchSemaphore) async {
        await withCheckedContinuation { continuation in
            DispatchQueue.global().async {
                semaphore.wait()
                continuation.resume()
            }
        }
    }
}
