// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: Hibiki contributors

import HibikiMessaging
import HibikiWire
import Synchronization
import Testing

/// A disk that writes when it is let.
private final class Disk: Sendable {
    private struct State {
        var batches: [[Int]] = []
        var isOpen = false
        var waiting: [CheckedContinuation<Void, Never>] = []
    }

    private let state = Mutex(State())

    var batches: [[Int]] { self.state.withLock { $0.batches } }

    func write(_ batch: [Int]) async -> [Result<Int, any Error>] {
        self.state.withLock { $0.batches.append(batch) }
        await withCheckedContinuation { continuation in
            let isOpen = self.state.withLock { state in
                if !state.isOpen { state.waiting.append(continuation) }
                return state.isOpen
            }
            if isOpen { continuation.resume() }
        }
        return batch.map { $0 < 0 ? .failure(WireError(.conflict, "negative")) : .success($0 * 10) }
    }

    func open() {
        let waiting = self.state.withLock { state in
            state.isOpen = true
            defer { state.waiting = [] }
            return state.waiting
        }
        for continuation in waiting { continuation.resume() }
    }
}

@Suite struct `A group commit` {
    private static func until(_ condition: () -> Bool) async {
        while !condition() { await Task.yield() }
    }

    @Test func `commits together what came while it was busy, in the order in which it came`() async throws {
        let disk = Disk()
        let writer = GroupCommit<Int, Int> { await disk.write($0) }
        async let running: Void = writer.run()
        try await withThrowingTaskGroup(of: Int.self) { group in
            group.addTask { try await writer.submit(0) }
            await Self.until { disk.batches.count == 1 }
            for number in 1...20 {
                group.addTask { try await writer.submit(number) }
                await Self.until { writer.waiting == number }
            }
            disk.open()
            var answers: Set<Int> = []
            for try await answer in group { answers.insert(answer) }
            #expect(answers == Set((0...20).map { $0 * 10 }))
        }
        #expect(disk.batches == [[0], Array(1...20)])
        writer.stop()
        await running
    }

    @Test func `takes no more at once than a batch may hold`() async throws {
        let disk = Disk()
        var configuration = GroupCommit<Int, Int>.Configuration()
        configuration.batch = 3
        let writer = GroupCommit<Int, Int>(configuration) { await disk.write($0) }
        try await withThrowingTaskGroup(of: Int.self) { group in
            for number in 1...7 {
                group.addTask { try await writer.submit(number) }
                await Self.until { writer.waiting == number }
            }
            disk.open()
            writer.stop()
            await writer.run()
            for try await _ in group {}
        }
        #expect(disk.batches == [[1, 2, 3], [4, 5, 6], [7]])
    }

    @Test func `refuses what its queue cannot hold, without any effect`() async throws {
        let disk = Disk()
        var configuration = GroupCommit<Int, Int>.Configuration()
        configuration.queue = 2
        let writer = GroupCommit<Int, Int>(configuration) { await disk.write($0) }
        try await withThrowingTaskGroup(of: Int.self) { group in
            for number in 1...2 { group.addTask { try await writer.submit(number) } }
            await Self.until { writer.waiting == 2 }
            let error = await #expect(throws: WireError.self) { try await writer.submit(3) }
            #expect(error?.code == .overloaded)
            disk.open()
            writer.stop()
            await writer.run()
            for try await _ in group {}
        }
        #expect(Set(disk.batches.flatMap { $0 }) == [1, 2])
        let error = await #expect(throws: WireError.self) { try await writer.submit(4) }
        #expect(error?.code == .shuttingDown)
    }

    @Test func `tells each command what came of it`() async throws {
        let disk = Disk()
        disk.open()
        let writer = GroupCommit<Int, Int> { await disk.write($0) }
        async let running: Void = writer.run()
        await #expect(throws: WireError.self) { try await writer.submit(-1) }
        #expect(try await writer.submit(2) == 20)
        writer.stop()
        await running
    }

    @Test func `tells a whole batch why it could not be committed, and goes on`() async throws {
        struct Full: Error {}
        let isFull = Mutex(true)
        let writer = GroupCommit<Int, Int> { batch in
            guard !isFull.withLock({ $0 }) else { throw Full() }
            return batch.map { .success($0) }
        }
        async let running: Void = writer.run()
        await #expect(throws: Full.self) { try await writer.submit(1) }
        isFull.withLock { $0 = false }
        #expect(try await writer.submit(1) == 1)
        writer.stop()
        await running
    }
}
