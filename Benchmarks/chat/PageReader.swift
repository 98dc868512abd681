// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: Hibiki contributors

import HibikiChat

/// Pages of 50 from one room with many messages, one after the other.
struct PageReader {
    private static let page = 50
    private static let pages = 2_000
    /// Coprime to the number of messages in a room of a round size, so that each page lies elsewhere.
    private static let step = 7_919
    private static let warmUp = 100
    private static let writers = 500

    let chat: ChatSender
    let messages: Int

    /// Fills the room, as people would.
    func fill() async throws {
        try await withThrowingTaskGroup(of: Void.self) { group in
            for writer in 0..<Self.writers {
                group.addTask {
                    for number in stride(from: writer, to: self.messages, by: Self.writers) {
                        try await self.chat.send(
                            "Number \(number), as long as most of them are: the cake is here.", by: 0)
                    }
                }
            }
            try await group.waitForAll()
        }
    }

    /// Pages around messages of any age, or the newest one again and again.
    func read(newest: Bool) async throws -> Measurement {
        var latencies: [Duration] = []
        for number in 0..<Self.warmUp + Self.pages {
            let anchor = HistoryAnchor.sequence(Int64(number * Self.step % self.messages + 1))
            let began = ContinuousClock.now
            let count =
                newest
                ? try await self.chat.page(.newest, before: Self.page, after: 0)
                : try await self.chat.page(anchor, before: Self.page / 2, after: Self.page / 2 - 1)
            let took = began.duration(to: .now)
            guard count > 0 else { throw Problem.isEmpty }
            if number >= Self.warmUp { latencies.append(took) }
        }
        return Measurement(latencies: latencies.sorted(), duration: latencies.reduce(.zero, +))
    }

    private enum Problem: Error { case isEmpty }
}
